/** Makes the program that an invoker runs out of a manifest and the tool's files. */
import { PocketError } from "../errors.ts";
import type { PackagePin, PackageWheel } from "../packages/python-packages.ts";
import { PACKAGES_FOLDER, type Program, type PythonProgram, type ToolFiles, type Wheel } from "../program.ts";
import type { Manifest } from "./manifest.ts";
import { normalizeDistribution } from "./wheel-name.ts";

export interface ProgramContent {
  /** Those that the manifest was read from. */
  readonly files: ToolFiles;
  /** The fetched modules, by the reference that the manifest names. */
  readonly modules?: ReadonlyMap<string, Uint8Array>;
  /** The wheels of the packages that the manifest asks for. */
  readonly packages?: readonly PackageWheel[];
}

/** @throws PocketError ERR_POCKET_MANIFEST_INVALID when a remote module is not among those that were fetched. */
export function createProgram(manifest: Manifest, { files, modules, packages = [] }: ProgramContent): Program {
  const { args } = manifest;
  switch (manifest.runtime) {
    case "python":
      return { runtime: "python", entry: manifest.entry, args, ...addPackages(manifest.wheels, files, packages) };
    case "node":
      return { runtime: "node", entry: manifest.entry, args, files };
    case "wasm": {
      const { module: _module, ...entry } = manifest.entry;
      return { runtime: "wasm", module: findModule(manifest, { files, modules }), ...entry };
    }
    case "component": {
      const { tools = [], imports = [] } = manifest.entry.content ?? {};
      return {
        runtime: "component",
        module: findModule(manifest, { files, modules }),
        functions: tools.map((tool) => tool.function),
        imports: imports.map(({ name }) => name),
      };
    }
  }
}

/** The module of a wasm tool or a component. @throws PocketError ERR_POCKET_MANIFEST_INVALID when it was not fetched */
export function findModule(
  manifest: Extract<Manifest, { runtime: "wasm" | "component" }>,
  { files, modules }: Pick<ProgramContent, "files"> & { modules: ProgramContent["modules"] | undefined },
): { readonly name: string; readonly bytes: Uint8Array } {
  const { module } = manifest.entry;
  const name = module.kind === "file" ? module.path : module.reference;
  const bytes = module.kind === "file" ? files.get(name) : modules?.get(name);
  if (bytes === undefined) throw noModule(manifest, name);
  return { name, bytes };
}

/** Wheels that the tool brings itself go before packages of the same name. */
function addPackages(
  own: readonly Wheel[],
  files: ToolFiles,
  packages: readonly PackageWheel[],
): Pick<PythonProgram, "files" | "wheels"> {
  const names = new Set(own.map(({ name }) => normalizeDistribution(name)));
  const added = packages.filter(({ name }) => !names.has(normalizeDistribution(name)));
  if (added.length === 0) return { files, wheels: own };
  const placed = added.map(({ content, ...pin }) => ({ content, wheel: toWheel(pin) }));
  return {
    files: new Map([...files, ...placed.map(({ wheel, content }) => [wheel.path, content] as const)]),
    wheels: [...own, ...placed.map(({ wheel }) => wheel)],
  };
}

function toWheel({ name, version, digest, fileName }: PackagePin): Wheel {
  return { path: `${PACKAGES_FOLDER}/${fileName}`, name, version, digest };
}

function noModule({ file, name }: Manifest, module: string): PocketError {
  return new PocketError("ERR_POCKET_MANIFEST_INVALID", `${file}: the module ${module} of "${name}" was not fetched`, {
    hint: "put the module into the tool's folder, and name its path",
    details: { file, key: "module", found: module },
  });
}
