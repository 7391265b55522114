/** A site: what the server holds in memory for one sandbox, behind a name and a token that nobody else knows. */
import { randomBytes } from "node:crypto";
import { PAGE_POLICY, renderPage, WORKER_POLICIES, type GuestRuntimeName } from "@toolpocket/runtime-templates";
import type { WebSocket } from "ws";
import type { GuestFiles } from "./guest-files.ts";

export interface SiteFile {
  readonly type: string;
  /** A promise where it may come later than the page that asks for it. */
  readonly body: Uint8Array | string | Promise<Uint8Array>;
  /** Content-Security-Policy. */
  readonly policy?: string;
}

export interface Site {
  /** First label of its host name. */
  readonly label: string;
  readonly token: string;
  /** Path of its page, under the origin. */
  readonly pagePath: string;
  /** Path of its WebSocket, after the token. */
  readonly channelPath: string;
  /** Files by path after the token. */
  readonly files: ReadonlyMap<string, SiteFile>;
  /** True once: the page's own connection comes first, and there is never a second. */
  claimChannel(): boolean;
  /** Adds the glue of the component that the sandbox is bound to. */
  addGlue(glue: string): void;
  onChannel(channel: WebSocket): void;
}

const CHANNEL_PATH = "/channel";
const GLUE_PATH = "/glue.js";
const WASM = "application/wasm";
const JAVASCRIPT = "text/javascript; charset=utf-8";

export interface SiteOptions {
  runtime: GuestRuntimeName;
  files: GuestFiles;
  /** The python runtime's memory snapshot; absent while it is being made. */
  snapshot?: Promise<Uint8Array> | undefined;
  maxMemoryBytes: number;
  onChannel(channel: WebSocket): void;
}

/** Renders the page of a new sandbox and gathers what it will ask for. */
export function createSite({ runtime, files, snapshot, maxMemoryBytes, onChannel }: SiteOptions): Site {
  const token = randomBytes(32).toString("base64url");
  const under = (path: string): string => `/${token}${path}`;
  const assets = new Map<string, SiteFile>();
  if (runtime === "python") {
    assets.set("/module.wasm", { type: WASM, body: files.pyodideModule });
    assets.set("/standard-library.wasm", { type: WASM, body: files.standardLibrary });
    if (snapshot) assets.set("/snapshot.wasm", { type: WASM, body: snapshot });
  }
  const page = renderPage(under("/page.js"), {
    runtime,
    channelPath: under(CHANNEL_PATH),
    workerPath: under("/worker.js"),
    maxMemoryBytes,
    assetPaths:
      runtime === "python"
        ? {
            module: under("/module.wasm"),
            standardLibrary: under("/standard-library.wasm"),
            ...(snapshot && { snapshot: under("/snapshot.wasm") }),
          }
        : runtime === "component"
          ? { glue: under(GLUE_PATH) }
          : {},
  });
  let claimed = false;
  const served = new Map<string, SiteFile>([
    ["/", { type: "text/html; charset=utf-8", body: page, policy: PAGE_POLICY }],
    ["/page.js", { type: JAVASCRIPT, body: files.pageScript }],
    ["/worker.js", { type: JAVASCRIPT, body: files.workerScripts[runtime], policy: WORKER_POLICIES[runtime] }],
    ...assets,
  ]);
  return {
    label: randomBytes(16).toString("hex"),
    token,
    pagePath: under("/"),
    channelPath: CHANNEL_PATH,
    files: served,
    addGlue: (glue) => void served.set(GLUE_PATH, { type: JAVASCRIPT, body: glue }),
    claimChannel() {
      const free = !claimed;
      claimed = true;
      return free;
    },
    onChannel,
  };
}
