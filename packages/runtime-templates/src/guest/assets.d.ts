/** Text files that the guest's bundle holds, read by esbuild's text loader. */
declare module "*.py" {
  const text: string;
  export default text;
}

/** The `info` of Pyodide's package list, put in by build.ts: the list itself would weigh 120 KB in every worker. */
declare const PYODIDE_LOCK_INFO: import("pyodide").Lockfile["info"];
