/** Makes the program that an invoker runs out of a manifest and the tool's files. */
import { PocketError } from "../errors.ts";
import type { Program, ToolFiles } from "../program.ts";
import type { Manifest } from "./manifest.ts";

export interface ProgramContent {
  /** Those that the manifest was read from. */
  readonly files: ToolFiles;
  /** The fetched modules, by the reference that the manifest names. */
  readonly modules?: ReadonlyMap<string, Uint8Array>;
}

/** @throws PocketError ERR_POCKET_MANIFEST_INVALID when a remote module is not among those that were fetched. */
export function createProgram(manifest: Manifest, { files, modules }: ProgramContent): Program {
  const { args } = manifest;
  switch (manifest.runtime) {
    case "python":
      return { runtime: "python", entry: manifest.entry, args, files, wheels: manifest.wheels };
    case "node":
      return { runtime: "node", entry: manifest.entry, args, files };
    case "wasm": {
      const { module, ...entry } = manifest.entry;
      const name = module.kind === "file" ? module.path : module.reference;
      const bytes = module.kind === "file" ? files.get(name) : modules?.get(name);
      if (bytes === undefined) throw noModule(manifest, name);
      return { runtime: "wasm", module: { name, bytes }, ...entry };
    }
  }
}

function noModule({ file, name }: Manifest, module: string): PocketError {
  return new PocketError("ERR_POCKET_MANIFEST_INVALID", `${file}: the module ${module} of "${name}" was not fetched`, {
    hint: "put the module into the tool's folder, and name its path",
    details: { file, key: "wasm.module", found: module },
  });
}
