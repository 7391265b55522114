/** Pyodide ships no types for the script that its loader loads. */
declare module "pyodide/pyodide.asm.mjs" {
  const createPyodideModule: NonNullable<import("pyodide").PyodideConfig["createPyodideModule"]>;
  export default createPyodideModule;
}

/** The `info` of the release's package list, put in by build.ts: the list itself would weigh 120 KB in every worker. */
declare const PYODIDE_LOCK_INFO: import("pyodide").Lockfile["info"];
