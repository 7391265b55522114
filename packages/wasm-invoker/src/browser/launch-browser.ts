/** Starts headless Chromium, and opens and closes the pages of sandboxes in it. */
import { statfs } from "node:fs/promises";
import { isPocketError, PocketError } from "@toolpocket/core";
import type { Connection } from "puppeteer-core/internal/cdp/Connection.js";
import { renderBrowserFlags } from "./browser-flags.ts";
import { type BrowserProcess, startBrowserProcess } from "./browser-process.ts";
import { createKeepAlive } from "../keep-alive.ts";
import { chooseBrowserUser } from "./browser-user.ts";
import { endAtExit } from "./end-at-exit.ts";
import { findBrowser } from "./find-browser.ts";
import { createPipeTransport } from "./pipe-transport.ts";
import { createProfileFolder } from "./profile-folder.ts";

const NO_LOGGER = (): undefined => undefined;
/** How long Chromium may take to start. */
const START_TIMEOUT_MS = 30_000;
/** Less shared memory than this is too little for several renderers (containers often have 64 MiB). */
const MIN_SHARED_MEMORY_BYTES = 512 * 1_048_576;

export interface LaunchOptions {
  /** Path of the browser; see find-browser.ts for where it is looked for otherwise. */
  executablePath?: string | undefined;
  serverPort: number;
  /** Called when the browser's process is there: while it starts there is time for other work, and before it there is none. */
  onStarted?: () => void;
}

export interface Browser {
  /** For example "Chrome/156.0.8078.73". */
  readonly version: string;
  /** Settles as soon as the browser can no longer be used, by `close()` or by itself. */
  readonly gone: Promise<void>;
  /**
   * Opens `url` in a context of its own: no cookies, cache or storage are shared. Resolves when `isReady` does, which is
   * given the page's `gone`; until then no other page is opened.
   */
  openPage(url: string, isReady: (gone: Promise<PageEnd>) => Promise<unknown>): Promise<BrowserPage>;
  close(): Promise<void>;
}

/** Why a page ended: "oom" where its renderer ran out of memory. */
export type PageEnd = "closed" | "crashed" | "oom";

export interface BrowserPage {
  /** The renderer's process id on this machine, where it could be told. */
  readonly processId: number | undefined;
  /** Settles when the renderer has crashed or the page is gone. */
  readonly gone: Promise<PageEnd>;
  /** Ends the renderer at once, whatever it is doing. */
  kill(): void;
  close(): Promise<void>;
}

/**
 * A browser that waits keeps no program from its end; starting it, opening a page and closing do.
 * @throws PocketError ERR_POCKET_BROWSER_MISSING, ERR_POCKET_BROWSER_START
 */
export async function launchBrowser(options: LaunchOptions): Promise<Browser> {
  const keepAlive = createKeepAlive();
  const browser = await keepAlive(() => startBrowser(options));
  return {
    ...browser,
    openPage: (url, isReady) => keepAlive(() => browser.openPage(url, isReady)),
    close: () => keepAlive(() => browser.close()),
  };
}

async function startBrowser(options: LaunchOptions): Promise<Browser> {
  const [{ path }, avoidSharedMemory] = await Promise.all([findBrowser(options.executablePath), isSharedMemorySmall()]);
  const user = chooseBrowserUser();
  const profile = await createProfileFolder(user);
  const flags = renderBrowserFlags({
    profileFolder: profile.path,
    serverPort: options.serverPort,
    avoidSharedMemory,
  });
  let started: BrowserProcess | undefined;
  const forget = endAtExit(() => {
    started?.kill();
    profile.removeNow();
  });
  try {
    const child = await startBrowserProcess(path, flags, profile.path, user);
    started = child;
    options.onStarted?.();
    const { session, product } = await connect(child, path);
    const gone = child.disconnected;
    const removed = gone
      .then(() => child.end())
      .then(() => profile.remove())
      .finally(forget);
    return {
      version: product,
      gone,
      openPage: createPageOpener({ session, gone }),
      async close() {
        // There is nothing to keep: asked politely, the browser writes its profile first.
        child.kill();
        await removed;
      },
    };
  } catch (error) {
    await profile.remove().finally(forget);
    throw error;
  }
}

/** Connects to the browser itself and to none of its pages: guests' workers run without a debugger. */
async function connect(child: BrowserProcess, path: string): Promise<{ session: Connection; product: string }> {
  const connecting = openConnection(child).then(async (session) => {
    // What watchTarget() hears of; its answer is not waited for.
    void session
      .send("Target.setDiscoverTargets", { discover: true, filter: [{ type: "page" }] })
      .catch(() => undefined);
    return { session, product: (await session.send("Browser.getVersion")).product };
  });
  const failing = child.exited.then((lastWords) => {
    throw startError(path, lastWords);
  });
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(
      () => reject(startError(path, `it did not answer for ${START_TIMEOUT_MS} ms`)),
      START_TIMEOUT_MS,
    ).unref();
  });
  try {
    return await Promise.race([connecting, failing, late]);
  } catch (error) {
    for (const attempt of [connecting, failing]) attempt.catch(() => undefined);
    await child.end();
    if (isPocketError(error)) throw error;
    // Its pipe has closed before the process was seen to end: the process has the reason.
    throw startError(path, await child.exited, error);
  }
}

/** Puppeteer's connection and no more of it, loaded while the browser starts: the rest takes a quarter of a second of a core. */
async function openConnection(child: BrowserProcess): Promise<Connection> {
  const { Connection: PuppeteerConnection } = await import("puppeteer-core/internal/cdp/Connection.js");
  const transport = createPipeTransport(child.toBrowser, child.fromBrowser);
  return new PuppeteerConnection("", transport, 0, undefined, false, undefined, NO_LOGGER);
}

function startError(path: string, lastWords: string, cause?: unknown): PocketError {
  const reason = lastWords.trim().split("\n").slice(-3).join("\n");
  return new PocketError("ERR_POCKET_BROWSER_START", `the browser at ${path} ended while it was starting: ${reason}`, {
    hint: "run `pocket doctor`, which tells whether Chromium's sandbox can work on this machine",
    details: { path },
    cause,
  });
}

/** Pages are opened one after the other: the renderer that is there when a page is ready, and was not before, is the page's. */
function createPageOpener(connection: BrowserConnection): Browser["openPage"] {
  let last: Promise<unknown> = Promise.resolve();
  return (url, isReady) => {
    const opening = last.then(() => openPage(connection, { url, isReady }));
    last = opening.catch(() => undefined);
    return opening;
  };
}

interface BrowserConnection {
  readonly session: Connection;
  readonly gone: Promise<void>;
}

interface PageRequest {
  readonly url: string;
  isReady(gone: Promise<PageEnd>): Promise<unknown>;
}

async function openPage(
  { session, gone: browserGone }: BrowserConnection,
  { url, isReady }: PageRequest,
): Promise<BrowserPage> {
  const [before, { browserContextId }] = await Promise.all([
    readRendererIds(session),
    session.send("Target.createBrowserContext", { disposeOnDetach: true }),
  ]);
  const close = (): Promise<void> =>
    session.send("Target.disposeBrowserContext", { browserContextId }).catch(() => undefined);
  try {
    // Not a hidden target, though that would be lighter: those escape the WebRTC policy, and crash Chromium when they close.
    const { targetId } = await session.send("Target.createTarget", { url, browserContextId });
    const gone = Promise.race([watchTarget(session, targetId), browserGone.then(() => "crashed" as const)]);
    await isReady(gone);
    const processId = [...(await readRendererIds(session))].find((id) => !before.has(id));
    return { processId, gone, close, kill: () => killProcess(processId) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Resolves when the target has crashed or is closed. */
function watchTarget(session: Connection, targetId: string): Promise<PageEnd> {
  return new Promise((resolve) => {
    const settle = (end: PageEnd): void => {
      session.off("Target.targetCrashed", onCrashed);
      session.off("Target.targetDestroyed", onDestroyed);
      resolve(end);
    };
    const onCrashed = (event: { targetId: string; status: string }): void => {
      if (event.targetId === targetId) settle(event.status === "oom" ? "oom" : "crashed");
    };
    const onDestroyed = (event: { targetId: string }): void => {
      if (event.targetId === targetId) settle("closed");
    };
    session.on("Target.targetCrashed", onCrashed);
    session.on("Target.targetDestroyed", onDestroyed);
  });
}

function killProcess(processId: number | undefined): void {
  if (processId === undefined) return;
  try {
    process.kill(processId, "SIGKILL");
  } catch {
    // It is gone already, or hidden from this process: closing its page ends it too, only later.
  }
}

async function readRendererIds(session: Connection): Promise<Set<number>> {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  return new Set(processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id));
}

async function isSharedMemorySmall(): Promise<boolean> {
  if (process.platform !== "linux") return false;
  const { bavail, bsize } = await statfs("/dev/shm").catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize < MIN_SHARED_MEMORY_BYTES;
}
