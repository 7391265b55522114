/** Finds the module that a specifier names, as Node does, in an in-memory tree; used on the host and in the guest. */
import { exports as resolveExports, imports as resolveImports } from "resolve.exports";
import { toBuiltinName } from "./builtin-modules.ts";
import {
  findPackageScope,
  type ModuleTree,
  type PackageManifest,
  parentFolder,
  readPackageManifest,
  resolvePath,
} from "./module-tree.ts";

export type ResolvedModule =
  | { readonly kind: "builtin"; readonly name: string }
  | { readonly kind: "file"; readonly path: string }
  /** `reason` completes "Cannot find …". */
  | { readonly kind: "missing"; readonly reason: string };

/** Whether the specifier stands in an `import` or in a `require`: it decides the conditions of a package's exports. */
export type ImportKind = "import" | "require";

/** Tried in order where a path names no file; more generous to `import` than Node, as the authors' bundlers are. */
const EXTENSIONS = [".js", ".json", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx"];
/** TypeScript sources import each other by the names of their output. */
const SOURCE_EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx", ".jsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};

/** Resolves `specifier` as written in the module at the absolute path `importer`. */
export function resolveModule(tree: ModuleTree, specifier: string, importer: string, kind: ImportKind): ResolvedModule {
  const builtin = toBuiltinName(specifier);
  if (builtin !== null) return { kind: "builtin", name: builtin };
  if (specifier.startsWith("node:")) return missing(`builtin module ${specifier}`);
  if (specifier.startsWith("#")) return resolvePackageImport(tree, specifier, importer, kind);
  if (specifier.startsWith("file://")) return resolveFileUrl(tree, specifier);
  if (/^(?:\.{0,2}\/|\.{1,2}$)/u.test(specifier)) {
    const path = findFile(tree, resolvePath(parentFolder(importer), specifier), specifier.endsWith("/"));
    return path === null ? missing(`module '${specifier}' imported from ${importer}`) : { kind: "file", path };
  }
  return resolvePackage(tree, specifier, importer, kind);
}

function missing(reason: string): ResolvedModule {
  return { kind: "missing", reason };
}

function resolveFileUrl(tree: ModuleTree, specifier: string): ResolvedModule {
  const url = URL.parse(specifier);
  const path =
    url && url.host === "" ? findFile(tree, resolvePath("/", decodeURIComponent(url.pathname)), false) : null;
  return path === null ? missing(`module '${specifier}'`) : { kind: "file", path };
}

/** The file at `path`: as it stands, as TypeScript source, with an extension, or as a folder's main file. */
function findFile(tree: ModuleTree, path: string, folderOnly: boolean): string | null {
  if (!folderOnly) {
    if (tree.isFile(path)) return path;
    const extension = /\.[cm]?js$/u.exec(path)?.[0] ?? "";
    const sources = (SOURCE_EXTENSIONS[extension] ?? []).map((other) => path.slice(0, -extension.length) + other);
    const found = [...sources, ...EXTENSIONS.map((other) => path + other)].find((candidate) => tree.isFile(candidate));
    if (found !== undefined) return found;
  }
  return tree.isDirectory(path) ? findMainFile(tree, path) : null;
}

function findMainFile(tree: ModuleTree, folder: string): string | null {
  const main = readPackageManifest(tree, folder)?.main;
  if (typeof main === "string" && resolvePath(folder, main) !== folder) {
    const path = findFile(tree, resolvePath(folder, main), false);
    if (path !== null) return path;
  }
  return (
    EXTENSIONS.map((extension) => resolvePath(folder, `index${extension}`)).find((path) => tree.isFile(path)) ?? null
  );
}

function resolvePackage(tree: ModuleTree, specifier: string, importer: string, kind: ImportKind): ResolvedModule {
  const name = /^(?:@[^/]+\/)?[^/]+/u.exec(specifier)?.[0] ?? specifier;
  const subpath = `.${specifier.slice(name.length)}`;
  const scope = findPackageScope(tree, parentFolder(importer));
  if (scope && scope.manifest.name === name && scope.manifest.exports != null) {
    return resolvePackageExport(tree, scope.folder, scope.manifest, subpath, kind);
  }
  for (let folder = parentFolder(importer); ; folder = parentFolder(folder)) {
    const packageFolder = resolvePath(folder, `node_modules/${name}`);
    if (!folder.endsWith("/node_modules") && tree.isDirectory(packageFolder)) {
      const manifest = readPackageManifest(tree, packageFolder);
      if (manifest?.exports != null) return resolvePackageExport(tree, packageFolder, manifest, subpath, kind);
      const path = findFile(tree, resolvePath(packageFolder, subpath), false);
      if (path !== null) return { kind: "file", path };
    }
    if (folder === "/") return missing(`package '${specifier}' imported from ${importer}`);
  }
}

function resolvePackageExport(
  tree: ModuleTree,
  folder: string,
  manifest: PackageManifest,
  subpath: string,
  kind: ImportKind,
): ResolvedModule {
  const entry = `${folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length)}${subpath.slice(1)}`;
  return resolveTarget(
    tree,
    folder,
    () => resolveExports(toResolvable(manifest), subpath, conditionsOf(kind)),
    `export '${subpath}' of package '${entry}'`,
  );
}

function resolvePackageImport(tree: ModuleTree, specifier: string, importer: string, kind: ImportKind): ResolvedModule {
  const scope = findPackageScope(tree, parentFolder(importer));
  const what = `package import '${specifier}' of ${importer}`;
  if (!scope) return missing(what);
  let target: string | undefined;
  const resolved = resolveTarget(
    tree,
    scope.folder,
    () => {
      const targets = resolveImports(toResolvable(scope.manifest), specifier, conditionsOf(kind));
      target = targets?.[0];
      return targets;
    },
    what,
  );
  const isBare = target !== undefined && !target.startsWith(".");
  return isBare ? resolveModule(tree, target as string, resolvePath(scope.folder, "package.json"), kind) : resolved;
}

/** The first target of an exports or imports map, which may not leave its package. */
function resolveTarget(
  tree: ModuleTree,
  folder: string,
  findTargets: () => readonly string[] | void,
  what: string,
): ResolvedModule {
  let targets: readonly string[] | void;
  try {
    targets = findTargets();
  } catch (error) {
    // resolve.exports reports an unknown subpath or condition by throwing.
    if (error instanceof Error) return missing(what);
    throw error;
  }
  for (const target of targets ?? []) {
    const path = resolvePath(folder, target);
    if (path.startsWith(`${folder}/`) && tree.isFile(path)) return { kind: "file", path };
  }
  return missing(what);
}

function conditionsOf(kind: ImportKind): { require: boolean; conditions: string[] } {
  return { require: kind === "require", conditions: ["module-sync"] };
}

function toResolvable(manifest: PackageManifest): { name: string } & Record<string, unknown> {
  return { ...manifest, name: typeof manifest.name === "string" ? manifest.name : "" };
}
