/** Puts a tool's files into Pyodide's in-memory file system and installs its wheels. */
import type { PyodideAPI } from "pyodide";
import type { GuestPythonProgram } from "../../../protocol/guest-program.ts";
import { installFiles } from "./install-wheel.ts";

export function writeProgramFiles(pyodide: PyodideAPI, folder: string, program: GuestPythonProgram): void {
  for (const { path, files, failure } of program.wheels) {
    if (failure !== undefined) throw new Error(`the wheel ${path} cannot be installed: ${failure}`);
    installFiles(pyodide, files);
  }
  pyodide.FS.mkdirTree(folder);
  for (const { path, content } of program.files) {
    const target = `${folder}/${path}`;
    pyodide.FS.mkdirTree(target.slice(0, target.lastIndexOf("/")));
    pyodide.FS.writeFile(target, content);
  }
}
