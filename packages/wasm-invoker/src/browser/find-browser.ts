/** Finds the Chromium to use: the configured one, Puppeteer's, or the system's. */
import { access, constants, realpath, stat } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { PocketError } from "@toolpocket/core";
import { chooseBrowserUser } from "./browser-user.ts";

export type BrowserOrigin = "option" | "POCKET_BROWSER" | "PUPPETEER_EXECUTABLE_PATH" | "puppeteer" | "system";

export interface FoundBrowser {
  readonly path: string;
  readonly origin: BrowserOrigin;
}

const SYSTEM_NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const SYSTEM_PATHS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

const HINT =
  "install one with `npx puppeteer browsers install chrome` or your system's package `chromium`, or set POCKET_BROWSER to its path";

/**
 * The first browser there is, in the order option, POCKET_BROWSER, PUPPETEER_EXECUTABLE_PATH, Puppeteer's cache, PATH.
 * As root the browser runs as another user: Puppeteer's cache is passed over where it stands in a home closed to others.
 * @throws PocketError ERR_POCKET_BROWSER_MISSING when there is none, or when the configured one is not there
 */
export async function findBrowser(
  configured: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<FoundBrowser> {
  const named: [BrowserOrigin, string | undefined][] = [
    ["option", configured],
    ["POCKET_BROWSER", environment["POCKET_BROWSER"]],
    ["PUPPETEER_EXECUTABLE_PATH", environment["PUPPETEER_EXECUTABLE_PATH"]],
  ];
  for (const [origin, path] of named) {
    if (!path) continue;
    if (await isExecutable(path)) return { path, origin };
    throw new PocketError("ERR_POCKET_BROWSER_MISSING", `there is no browser at ${path}, named by ${origin}`, {
      hint: HINT,
      details: { path, origin },
    });
  }
  const cached = await readPuppeteerPath();
  if (cached && (await isExecutable(cached)) && (!chooseBrowserUser() || (await isOpenToOthers(cached)))) {
    return { path: cached, origin: "puppeteer" };
  }
  for (const path of systemPaths(environment)) {
    if (await isExecutable(path)) return { path, origin: "system" };
  }
  throw new PocketError("ERR_POCKET_BROWSER_MISSING", "no Chromium or Chrome was found on this machine", {
    hint: HINT,
  });
}

/**
 * Where Puppeteer's own download would be; undefined where its configuration names none. Asked of its parts, as
 * `puppeteer.executablePath()` does: Puppeteer itself takes a quarter of a second of a core to load.
 */
async function readPuppeteerPath(): Promise<string | undefined> {
  try {
    const { getConfiguration } = await import("puppeteer/internal/getConfiguration.js");
    const { executablePath, cacheDirectory, defaultBrowser, chrome } = await getConfiguration();
    if (executablePath) return executablePath;
    if (!cacheDirectory || defaultBrowser !== "chrome" || !(await isFolder(cacheDirectory))) return undefined;
    const [{ Browser, computeExecutablePath }, { PUPPETEER_REVISIONS }] = await Promise.all([
      import("@puppeteer/browsers"),
      import("puppeteer-core/internal/revisions.js"),
    ]);
    const buildId = chrome?.version ?? PUPPETEER_REVISIONS.chrome;
    return computeExecutablePath({ cacheDir: cacheDirectory, browser: Browser.CHROME, buildId });
  } catch {
    return undefined;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function systemPaths(environment: NodeJS.ProcessEnv): string[] {
  const folders = (environment["PATH"] ?? "").split(delimiter).filter(isAbsolute);
  return [...SYSTEM_NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...SYSTEM_PATHS];
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

const OTHERS_MAY_EXECUTE = 0o001;

/** Whether a user who owns nothing here may run it: the file and every folder above it are executable for all. */
export async function isOpenToOthers(path: string): Promise<boolean> {
  let place = await realpath(path);
  for (;;) {
    const { mode } = await stat(place);
    if ((mode & OTHERS_MAY_EXECUTE) === 0) return false;
    if (dirname(place) === place) return true;
    place = dirname(place);
  }
}
