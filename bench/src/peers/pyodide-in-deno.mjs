/** Pyodide booted in Deno for one call, as langchain-sandbox does. */
import process from "node:process";
import { loadPyodide } from "pyodide";

const pyodide = await loadPyodide();
const lines = ['{"city": "Seoul"}'];
pyodide.setStdin({ stdin: () => lines.shift() });
await pyodide.runPythonAsync("import sys, json\nprint(json.load(sys.stdin)['city'])");
process.exit();
