/** What the parts of the runtime share: one program's process, and the builtin modules it is made of. */
import type { CallHost } from "../host-calls.ts";
import type { EventLoop } from "./event-loop.ts";
import type { Ending } from "./ending.ts";
import type { NodeStorage } from "./node-storage.ts";
import type { StandardIo } from "./standard-io.ts";
import type { StandardStreams } from "./process/standard-streams.ts";
import type { ToolFileTree } from "./modules/tool-file-tree.ts";

/** The exports of a builtin module or a library: what JavaScript finds there. */
// oxlint-disable-next-line typescript/no-explicit-any -- Node's modules are used as a tool uses them, untyped
export type Exports = any;

export interface NodeRealm {
  readonly loop: EventLoop;
  readonly io: StandardIo;
  readonly streams: StandardStreams;
  readonly ending: Ending;
  readonly files: ToolFileTree;
  /** The granted folders. */
  readonly storage: NodeStorage;
  /** Takes what the tool's code throws or rejects and does not handle. */
  onUncaught(error: unknown, origin: "uncaughtException" | "unhandledRejection", promise?: Promise<unknown>): void;
  /** The builtin module of that name, made when it is first asked for. */
  builtin(name: string): Exports;
  /** The web's own crypto, taken before the tool could change it. */
  readonly webcrypto: typeof globalThis.crypto;
  /** Calls a service of the host; the program stays alive meanwhile. */
  readonly callHost: CallHost;
  /** `fetch` through the host. */
  readonly fetch: typeof fetch;
  /** The `process` object. */
  readonly process: Exports;
}

/** Makes a builtin module; called once in a realm, when the module is first asked for. */
export type BuiltinFactory = (realm: NodeRealm) => Exports;

let current: NodeRealm | undefined;

/** Makes `realm` the one whose builtins the bundled libraries use. */
export function enterRealm(realm: NodeRealm): void {
  current = realm;
}

/**
 * The builtin that a bundled library requires.
 * @public called by what library-imports.ts puts into the bundle
 */
export function useBuiltin(name: string): Exports {
  if (!current) throw new Error(`${name} was required before the runtime had started`);
  return current.builtin(name);
}
