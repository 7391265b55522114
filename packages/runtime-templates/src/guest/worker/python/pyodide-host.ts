/** What Pyodide expects of its surroundings while it starts, answered from memory: the worker can connect to nothing. */
import type { PyodideConfig } from "pyodide";
import { LIBRARY_SECTION, type PythonAssets } from "../../../protocol/worker-messages.ts";
import { RESTORE_FUNCTION, SNAPSHOT_HEADER_SECTION } from "./encode-snapshot.ts";

const PAGE_BYTES = 65_536;
const INDEX_URL = "https://pyodide.invalid/";

export interface PyodideHost {
  readonly indexUrl: string;
  readonly standardLibraryUrl: string;
  /** A package list without packages: a tool brings its own wheels. */
  readonly lockFile: NonNullable<PyodideConfig["lockFileContents"]>;
  /** What Pyodide is given for a snapshot, where there is one: its header, and who fills the memory (slim-pyodide.ts). */
  readonly snapshot: { readonly _loadSnapshot?: Uint8Array; readonly _restoreMemory?: () => void };
  /** Gives the replaced functions of the realm back. */
  release(): void;
}

/** Replaces, until `release()`, `fetch` and the streaming compilation by ones that answer from `assets`. */
export function preparePyodideHost(assets: PythonAssets, maxMemoryBytes = Number.POSITIVE_INFINITY): PyodideHost {
  const { fetch } = globalThis;
  const { instantiateStreaming } = WebAssembly;

  let memory: WebAssembly.Memory | undefined;
  const answer = (bytes: ArrayBuffer): Response =>
    // What is read of an answer, and no Response: that would copy the bytes twice.
    ({ ok: true, arrayBuffer: async () => bytes }) as Response;
  globalThis.fetch = async (url) =>
    answer(String(url).endsWith(".zip") ? readCarried(assets.standardLibrary, LIBRARY_SECTION) : new ArrayBuffer(0));
  WebAssembly.instantiateStreaming = async (_source, imports) => {
    const instance = await WebAssembly.instantiate(assets.module, imports);
    memory = instance.exports["memory"] as WebAssembly.Memory;
    limitMemory(memory, maxMemoryBytes);
    return { module: assets.module, instance };
  };
  const { snapshot } = assets;

  return {
    indexUrl: INDEX_URL,
    standardLibraryUrl: `${INDEX_URL}python_stdlib.zip`,
    lockFile: { info: PYODIDE_LOCK_INFO, packages: {} },
    snapshot: snapshot
      ? {
          _loadSnapshot: new Uint8Array(readCarried(snapshot, SNAPSHOT_HEADER_SECTION)),
          _restoreMemory: () => memory && restoreMemory(snapshot, memory),
        }
      : {},
    release() {
      globalThis.fetch = fetch;
      WebAssembly.instantiateStreaming = instantiateStreaming;
    },
  };
}

/**
 * Lets the interpreter's memory grow to `maxBytes` and no further: python raises MemoryError there. The interpreter
 * brings its memory itself, without a maximum; what goes around this is seen from outside, by the host's watch.
 */
function limitMemory(memory: WebAssembly.Memory, maxBytes: number): void {
  const grow = memory.grow.bind(memory);
  memory.grow = (pages) => {
    if (memory.buffer.byteLength + pages * PAGE_BYTES > maxBytes) throw new RangeError("the memory limit is reached");
    return grow(pages);
  };
}

/** A copy of what the module carries. */
function readCarried(module: WebAssembly.Module, section: string): ArrayBuffer {
  const [bytes] = WebAssembly.Module.customSections(module, section);
  if (!bytes) throw new Error(`a module of the runtime has no section "${section}"`);
  return bytes;
}

function restoreMemory(module: WebAssembly.Module, memory: WebAssembly.Memory): void {
  const restore = new WebAssembly.Instance(module, { env: { memory } }).exports[RESTORE_FUNCTION];
  if (typeof restore !== "function") throw new Error("the snapshot cannot be restored");
  restore();
}
