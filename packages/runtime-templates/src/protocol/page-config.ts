/** What a rendered page is told when it is loaded. Everything else comes over its channel. */
import type { GuestRuntimeName } from "./guest-program.ts";

export interface PageConfig {
  readonly runtime: GuestRuntimeName;
  /** Path of the WebSocket. */
  readonly channelPath: string;
  /** Path of the runtime's worker script. */
  readonly workerPath: string;
  /** Paths by asset name: `module`, `standardLibrary` and `snapshot` for python, `glue` for component, none for node and wasm. */
  readonly assetPaths: Readonly<Record<string, string>>;
  /** Memory of an instance that is made before its tool is known, in bytes. */
  readonly maxMemoryBytes: number;
}
