/**
 * Build-time: Python's standard library with bytecode. An instance imports what it needs, and would compile it each time: an
 * import of argparse takes 20 ms instead of 160.
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { loadPyodide } from "pyodide";
import { encodeCarrier } from "../src/guest/worker/python/encode-module.ts";
import { LIBRARY_SECTION } from "../src/protocol/worker-messages.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The archive in a module that carries it; the same bytes for the same Pyodide. */
export async function compileLibrary(): Promise<Uint8Array> {
  const [library, compile, harness] = await Promise.all([
    readFile(fileURLToPath(import.meta.resolve("pyodide/python_stdlib.zip"))),
    readFile(here("compile-library.py"), "utf8"),
    readFile(here("../src/guest/worker/python/harness.py"), "utf8"),
  ]);
  const pyodide = await loadPyodide();
  pyodide.FS.writeFile("/library.zip", library);
  pyodide.runPython(harness);
  pyodide.runPython(compile);
  return encodeCarrier(LIBRARY_SECTION, pyodide.FS.readFile("/compiled.zip"));
}
