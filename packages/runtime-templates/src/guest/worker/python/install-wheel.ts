/** Installs wheels into Pyodide: unpacked where Python looks for packages. */
import type { PyodideAPI } from "pyodide";

/** @throws Error with the reason of the interpreter */
export function installWheel(pyodide: PyodideAPI, content: Uint8Array | ArrayBuffer): void {
  try {
    pyodide.unpackArchive(content, "wheel", { extractDir: findSitePackages(pyodide) });
    pyodide.pyimport("importlib").invalidate_caches();
  } catch (error) {
    throw new Error(String(error).trim().split("\n").at(-1), { cause: error });
  }
}

function findSitePackages(pyodide: PyodideAPI): string {
  return pyodide.pyimport("site").getsitepackages().get(0) as string;
}
