/** Installs wheels into Pyodide: their files are written where Python looks for them. */
import type { PyodideAPI } from "pyodide";
import type { GuestFile } from "../../../protocol/guest-program.ts";
import { PYTHON } from "../../wheels/python-version.ts";
import { layOutWheel } from "../../wheels/wheel-layout.ts";

/** The part of Emscripten's file system that is used; files may take the array as it is, without a copy. */
interface EmscriptenFs {
  mkdirTree(path: string): void;
  writeFile(path: string, content: Uint8Array, options: { canOwn: boolean }): void;
}

/** Nothing is installed where it fails. @throws Error with the reason */
export function installWheel(pyodide: PyodideAPI, content: Uint8Array): void {
  installFiles(pyodide, layOutWheel(content, { python: PYTHON }));
}

/** @param files of a wheel that was laid out; the interpreter keeps their arrays */
export function installFiles(pyodide: PyodideAPI, files: readonly GuestFile[]): void {
  const fs = pyodide.FS as unknown as EmscriptenFs;
  const packages = packagesFolder(pyodide);
  const folders = new Set<string>();
  for (const { path, content } of files) {
    const target = `${packages}/${path}`;
    const folder = target.slice(0, target.lastIndexOf("/"));
    if (!folders.has(folder)) fs.mkdirTree(folder);
    folders.add(folder);
    fs.writeFile(target, content, { canOwn: true });
  }
  pyodide.pyimport("importlib").invalidate_caches();
}

export function packagesFolder(pyodide: PyodideAPI): string {
  return pyodide.pyimport("site").getsitepackages().get(0) as string;
}
