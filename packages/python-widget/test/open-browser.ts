/** A browser that Puppeteer drives, started as the product starts its own: found, sandboxed, as root under another user. */
import {
  chooseBrowserUser,
  createPipeTransport,
  createProfileFolder,
  findBrowser,
  startBrowserProcess,
} from "@toolpocket/wasm-invoker/browser";
import puppeteer, { type Browser } from "puppeteer";

export interface OpenBrowser extends AsyncDisposable {
  readonly browser: Browser;
}

export async function openBrowser(): Promise<OpenBrowser> {
  const { path } = await findBrowser(undefined);
  const user = chooseBrowserUser();
  const profile = await createProfileFolder(user);
  const flags = [
    "--headless",
    "--remote-debugging-pipe",
    `--user-data-dir=${profile.path}`,
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-sync",
    "--hide-scrollbars",
    "about:blank",
  ];
  const child = await startBrowserProcess(path, flags, profile.path, user);
  const transport = createPipeTransport(child.toBrowser, child.fromBrowser);
  const browser = await puppeteer.connect({ transport, defaultViewport: null });
  return {
    browser,
    async [Symbol.asyncDispose]() {
      await browser.close();
      await child.end();
      await profile.remove();
    },
  };
}
