/** Puts a tool's files into Pyodide's in-memory file system and installs the wheels among them. */
import type { PyodideAPI } from "pyodide";
import type { GuestPythonProgram } from "../../../protocol/guest-program.ts";

export function writeProgramFiles(pyodide: PyodideAPI, folder: string, program: GuestPythonProgram): void {
  const wheels = new Set(program.wheels);
  pyodide.FS.mkdirTree(folder);
  for (const { path, content } of program.files) {
    const target = `${folder}/${path}`;
    pyodide.FS.mkdirTree(target.slice(0, target.lastIndexOf("/")));
    pyodide.FS.writeFile(target, content);
    if (wheels.has(path)) installWheel(pyodide, path, content);
  }
}

function installWheel(pyodide: PyodideAPI, path: string, content: Uint8Array): void {
  try {
    pyodide.unpackArchive(content, "wheel");
  } catch (error) {
    const reason = String(error).trim().split("\n").at(-1);
    throw new Error(`the wheel ${path} cannot be installed: ${reason}`, { cause: error });
  }
}
