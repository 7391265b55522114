/** What sandboxes live in: one browser and one server, started together at the first need and again after a crash. */
import { DEFAULT_MAX_MEMORY_BYTES, isPocketError, PocketError, type ProgressEvent } from "@toolpocket/core";
import type { GuestRuntimeName } from "@toolpocket/runtime-templates";
import type { WebSocket } from "ws";
import { type Browser, launchBrowser } from "../browser/launch-browser.ts";
import { type GuestFiles, readGuestFiles } from "../server/guest-files.ts";
import { type SandboxServer, startSandboxServer } from "../server/sandbox-server.ts";
import { createSite } from "../server/site.ts";
import { digestPythonFiles, readOrMakeSnapshot, snapshotKey, type SnapshotStore } from "../snapshot/python-snapshot.ts";
import type { Sandbox, SandboxOptions } from "./sandbox.ts";

/** How long a page may take to open its channel. */
const OPEN_TIMEOUT_MS = 30_000;

export interface SandboxHostOptions {
  executablePath?: string | undefined;
  snapshots: SnapshotStore;
  /** Called when the browser's process is there; see launch-browser.ts. */
  onStarted?: (() => void) | undefined;
  onProgress(event: ProgressEvent): void;
}

export interface SandboxHost {
  /** Settles when the browser is gone: then nothing of this host can be used any more. */
  readonly gone: Promise<void>;
  /** Opens a sandbox that is not bound yet. */
  openSandbox(runtime: GuestRuntimeName): Promise<Sandbox>;
  close(): Promise<void>;
}

/** @throws PocketError ERR_POCKET_BROWSER_MISSING, ERR_POCKET_BROWSER_START */
export async function startSandboxHost({
  executablePath,
  snapshots,
  onStarted,
  onProgress,
}: SandboxHostOptions): Promise<SandboxHost> {
  const server = await startSandboxServer();
  let loading: Promise<HostParts> | undefined;
  const load = (): Promise<HostParts> => (loading ??= loadParts());
  const launch = async (): Promise<Browser> =>
    launchBrowser({
      executablePath,
      serverPort: server.port,
      onStarted() {
        server.prepare();
        load().catch(() => undefined);
        onStarted?.();
      },
    });
  let browser: Browser;
  let parts: HostParts;
  try {
    [browser, parts] = await track(onProgress, "browser", async () => {
      const launched = await launch();
      try {
        return [launched, await load()] as const;
      } catch (error) {
        await launched.close();
        throw error;
      }
    });
  } catch (error) {
    await server.close();
    throw error;
  }
  let snapshot: Promise<Uint8Array> | undefined;

  const open = (runtime: GuestRuntimeName, memory?: Promise<Uint8Array>): Promise<Sandbox> =>
    openSandbox({ server, browser, parts, runtime, snapshot: memory });

  function readSnapshot(): Promise<Uint8Array> {
    return readOrMakeSnapshot(snapshots, snapshotKey(parts.digest, browser.version), () =>
      track(onProgress, "snapshot", async () => {
        const maker = await open("python");
        try {
          return await maker.makeSnapshot();
        } finally {
          await maker.close();
        }
      }),
    );
  }

  return {
    gone: browser.gone,
    async openSandbox(runtime) {
      if (runtime !== "python") return open(runtime);
      snapshot ??= readSnapshot().catch((error: unknown) => {
        snapshot = undefined;
        throw error;
      });
      // Its page opens while the snapshot is read, or made.
      return open(runtime, snapshot);
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** What is read and loaded while the browser starts. */
interface HostParts {
  readonly files: GuestFiles;
  readonly digest: Uint8Array;
  readonly createSandbox: (options: SandboxOptions) => Sandbox;
}

async function loadParts(): Promise<HostParts> {
  const [files, { createSandbox }] = await Promise.all([readGuestFiles(), import("./sandbox.ts")]);
  return { files, digest: digestPythonFiles(files), createSandbox };
}

interface OpenSandboxOptions {
  server: SandboxServer;
  browser: Browser;
  parts: HostParts;
  runtime: GuestRuntimeName;
  snapshot: Promise<Uint8Array> | undefined;
}

async function openSandbox({ server, browser, parts, runtime, snapshot }: OpenSandboxOptions): Promise<Sandbox> {
  const connected = Promise.withResolvers<WebSocket>();
  const site = createSite({
    runtime,
    files: parts.files,
    snapshot,
    maxMemoryBytes: DEFAULT_MAX_MEMORY_BYTES,
    onChannel: connected.resolve,
  });
  const { origin, remove } = server.addSite(site);
  try {
    const opening = browser.openPage(origin + site.pagePath, (gone) =>
      Promise.race([connected.promise, lost(gone), late()]),
    );
    snapshot?.catch(() => opening.then((page) => page.close()).catch(() => undefined));
    const [page] = await Promise.all([opening, snapshot]);
    return parts.createSandbox({
      runtime,
      page,
      channel: await connected.promise,
      addGlue: site.addGlue,
      release: remove,
    });
  } catch (error) {
    remove();
    throw isPocketError(error) ? error : startError("the browser is gone", error);
  }
}

async function lost(gone: Promise<unknown>): Promise<never> {
  await gone;
  throw startError("its page is gone");
}

function late(): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(startError(`its page did not answer for ${OPEN_TIMEOUT_MS} ms`)), OPEN_TIMEOUT_MS).unref();
  });
}

function startError(reason: string, cause?: unknown): PocketError {
  return new PocketError("ERR_POCKET_BROWSER_START", `a sandbox could not be opened: ${reason}`, {
    hint: "run `pocket doctor`",
    cause,
  });
}

async function track<Value>(
  onProgress: (event: ProgressEvent) => void,
  stage: string,
  work: () => Promise<Value>,
): Promise<Value> {
  onProgress({ stage, state: "start" });
  try {
    const value = await work();
    onProgress({ stage, state: "done" });
    return value;
  } catch (error) {
    onProgress({ stage, state: "failed" });
    throw error;
  }
}
