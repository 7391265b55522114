/** Pyodide booted in Node for one call. */
import { loadPyodide } from "pyodide";

const pyodide = await loadPyodide();
pyodide.setStdin({ stdin: () => '{"city": "Seoul"}' });
await pyodide.runPythonAsync("import sys, json\nprint(json.load(sys.stdin)['city'])");
process.exit();
