/** Which Python is served, as the build has read it from the installed Pyodide. */

/** For example "3.14". */
export const PYTHON = PYODIDE_LOCK_INFO.python.split(".").slice(0, 2).join(".");
