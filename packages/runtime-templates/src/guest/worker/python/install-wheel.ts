/** Installs wheels into Pyodide: their files are written where Python looks for them. */
import type { PyodideAPI } from "pyodide";
import { layOutWheel } from "./wheel-layout.ts";

/** The part of Emscripten's file system that is used; files may take the array as it is, without a copy. */
interface EmscriptenFs {
  mkdirTree(path: string): void;
  writeFile(path: string, content: Uint8Array, options: { canOwn: boolean }): void;
}

/** Nothing is installed where it fails. @throws Error with the reason */
export function installWheel(pyodide: PyodideAPI, content: Uint8Array): void {
  const fs = pyodide.FS as unknown as EmscriptenFs;
  const packages = pyodide.runPython("import site; site.getsitepackages()[0]") as string;
  const [, python = ""] = /python([\d.]+)/u.exec(packages) ?? [];
  const files = layOutWheel(content, { python });
  const folders = new Set<string>();
  for (const { path, content: bytes } of files) {
    const target = `${packages}/${path}`;
    const folder = target.slice(0, target.lastIndexOf("/"));
    if (!folders.has(folder)) fs.mkdirTree(folder);
    folders.add(folder);
    fs.writeFile(target, bytes, { canOwn: true });
  }
  pyodide.pyimport("importlib").invalidate_caches();
}
