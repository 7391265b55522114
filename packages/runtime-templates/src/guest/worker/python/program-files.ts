/** Puts a tool's files into Pyodide's in-memory file system and installs the wheels among them. */
import type { PyodideAPI } from "pyodide";
import type { GuestPythonProgram } from "../../../protocol/guest-program.ts";
import { installWheel } from "./install-wheel.ts";

/** Wheels of packages, which are no files of the tool's own, travel in this folder. */
const PACKAGES_FOLDER = ".wheels/";

export function writeProgramFiles(pyodide: PyodideAPI, folder: string, program: GuestPythonProgram): void {
  const wheels = new Set(program.wheels);
  pyodide.FS.mkdirTree(folder);
  for (const { path, content } of program.files) {
    if (wheels.has(path)) install(pyodide, path, content);
    if (wheels.has(path) && path.startsWith(PACKAGES_FOLDER)) continue;
    const target = `${folder}/${path}`;
    pyodide.FS.mkdirTree(target.slice(0, target.lastIndexOf("/")));
    pyodide.FS.writeFile(target, content);
  }
}

function install(pyodide: PyodideAPI, path: string, content: Uint8Array): void {
  try {
    installWheel(pyodide, content);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the wheel ${path} cannot be installed: ${reason}`, { cause: error });
  }
}
