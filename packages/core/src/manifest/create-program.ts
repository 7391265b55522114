/** Makes the program that an invoker runs out of a manifest and the tool's files. */
import type { Program, ToolFiles } from "../program.ts";
import type { Manifest } from "./manifest.ts";

/** `files` are those that the manifest was read from. */
export function createProgram(manifest: Manifest, files: ToolFiles): Program {
  const { args } = manifest;
  if (manifest.runtime === "node") return { runtime: "node", entry: manifest.entry, args, files };
  return { runtime: "python", entry: manifest.entry, args, files, wheels: manifest.wheels };
}
