/** The files that every sandbox is served, read once. */
import { readFile } from "node:fs/promises";
import { PAGE_SCRIPT, PYODIDE_FILES, WORKER_SCRIPTS, type GuestRuntimeName } from "@toolpocket/runtime-templates";

export interface GuestFiles {
  readonly pageScript: Uint8Array;
  readonly workerScripts: Readonly<Record<GuestRuntimeName, Uint8Array>>;
  readonly pyodideModule: Uint8Array;
  readonly standardLibrary: Uint8Array;
}

export async function readGuestFiles(): Promise<GuestFiles> {
  const [pageScript, python, node, pyodideModule, standardLibrary, wasm, component] = await Promise.all(
    [
      PAGE_SCRIPT,
      WORKER_SCRIPTS.python,
      WORKER_SCRIPTS.node,
      PYODIDE_FILES.module,
      PYODIDE_FILES.standardLibrary,
      WORKER_SCRIPTS.wasm,
      WORKER_SCRIPTS.component,
    ].map((url) => readFile(new URL(url))),
  );
  if (!pageScript || !python || !node || !pyodideModule || !standardLibrary || !wasm || !component)
    throw new Error("a guest file is missing");
  return { pageScript, workerScripts: { python, node, wasm, component }, pyodideModule, standardLibrary };
}
