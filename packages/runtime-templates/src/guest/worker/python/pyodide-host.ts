/** What Pyodide expects of its surroundings while it starts, answered from memory: the worker can connect to nothing. */
import type { PyodideConfig } from "pyodide";
import type { PythonAssets } from "../../../protocol/worker-messages.ts";

const PAGE_BYTES = 65_536;
const INDEX_URL = "https://pyodide.invalid/";

export interface PyodideHost {
  readonly indexUrl: string;
  readonly standardLibraryUrl: string;
  /** A package list without packages: a tool brings its own wheels. */
  readonly lockFile: NonNullable<PyodideConfig["lockFileContents"]>;
  /** Gives the replaced functions of the realm back. */
  release(): void;
}

/**
 * Replaces, until `release()`, `fetch` and the streaming compilation by ones that answer from `assets`, and for good the
 * memory constructor by one whose maximum is the instance's memory limit.
 */
export function preparePyodideHost(assets: PythonAssets, maxMemoryBytes: number | undefined): PyodideHost {
  const { fetch, WebAssembly } = globalThis;
  const { instantiateStreaming, Memory } = WebAssembly;

  globalThis.fetch = async (url) =>
    new Response(String(url).endsWith(".zip") ? assets.standardLibrary : new ArrayBuffer(0));
  WebAssembly.instantiateStreaming = async (_source, imports) => ({
    module: assets.module,
    instance: await WebAssembly.instantiate(assets.module, imports),
  });
  if (maxMemoryBytes !== undefined) {
    const limit = Math.floor(maxMemoryBytes / PAGE_BYTES);
    WebAssembly.Memory = new Proxy(Memory, {
      construct: (target, [descriptor]: [WebAssembly.MemoryDescriptor]) =>
        new target({ ...descriptor, maximum: Math.max(descriptor.initial, Math.min(descriptor.maximum ?? limit, limit)) }),
    });
  }

  return {
    indexUrl: INDEX_URL,
    standardLibraryUrl: `${INDEX_URL}python_stdlib.zip`,
    lockFile: { info: PYODIDE_LOCK_INFO, packages: {} },
    release() {
      globalThis.fetch = fetch;
      WebAssembly.instantiateStreaming = instantiateStreaming;
    },
  };
}
