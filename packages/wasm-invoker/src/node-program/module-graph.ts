/** The modules that a program can reach, each read once: what esbuild bundles and what the guest loads by itself. */
import {
  type ResolvedModule,
  resolveModule,
  resolvePath,
  parentFolder,
} from "@toolpocket/runtime-templates/node-resolution";
import { type ImportEdge, type LexedModule, lexModule, lineAt, prepareLexer } from "./lex-module.ts";
import { usesAsyncStores } from "./lower-async.ts";
import { formatOf, type ModuleFormat } from "./module-format.ts";
import type { ToolTree } from "./tool-tree.ts";

export interface GraphModule {
  readonly path: string;
  readonly format: ModuleFormat;
  readonly lexed: LexedModule | null;
}

export interface MissingModule {
  /** Absolute path of the module that imports it. */
  readonly importer: string;
  readonly line: number;
  readonly specifier: string;
  /** What the resolver says of it. */
  readonly reason: string;
}

export interface ModuleGraph {
  readonly entry: GraphModule;
  readonly modules: ReadonlyMap<string, GraphModule>;
  /** ES modules that are reached by a `require` or an `import()` that the guest answers. */
  readonly guestImports: ReadonlySet<string>;
  /** Those of them that are reached by a `require`. */
  readonly guestRequires: ReadonlySet<string>;
  /** Builtin modules that are named somewhere. */
  readonly builtins: ReadonlySet<string>;
  /** Whether a module of the program uses AsyncLocalStorage. */
  readonly usesAsyncStores: boolean;
  /** Modules that are not there although the program needs them to start. */
  readonly missing: readonly MissingModule[];
  resolve(specifier: string, importer: string, kind: ImportEdge["kind"]): ResolvedModule;
}

/** Follows every import from `entryPath`, an absolute path in `tree`. */
export async function readModuleGraph(tree: ToolTree, entryPath: string): Promise<ModuleGraph> {
  await prepareLexer();
  const modules = new Map<string, GraphModule>();
  const guestImports = new Set<string>();
  const guestRequires = new Set<string>();
  const builtins = new Set<string>();
  const missing: MissingModule[] = [];
  const certain = new Set([entryPath]);
  // Modules that surely run are read first, so that each is known as such when its imports are judged.
  const queue = [entryPath];

  const read = async (path: string): Promise<GraphModule> => {
    const known = modules.get(path);
    if (known) return known;
    const lexed = /\.(?:json|node|wasm)$/u.test(path) ? null : lexModule(tree.readText(path));
    const module = { path, lexed, format: await formatOf(tree, path, lexed) };
    modules.set(path, module);
    return module;
  };

  const follow = async (module: GraphModule, edge: ImportEdge): Promise<void> => {
    const resolved = resolveModule(tree, edge.specifier, module.path, edge.kind);
    const surely = edge.certain && certain.has(module.path) && !module.path.includes("/node_modules/");
    if (resolved.kind === "builtin") return void builtins.add(resolved.name);
    if (resolved.kind === "missing") {
      if (surely) missing.push(toMissing(tree, module.path, edge, resolved.reason));
      return;
    }
    const seen = modules.has(resolved.path);
    const target = await read(resolved.path);
    if (target.format === "module" && (edge.kind === "require" || module.format !== "module")) {
      guestImports.add(resolved.path);
      if (edge.kind === "require") guestRequires.add(resolved.path);
    }
    if (surely) certain.add(resolved.path);
    if (!seen) queue.splice(surely ? 0 : queue.length, 0, resolved.path);
  };

  const entry = await read(entryPath);
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const module = await read(path);
    for (const edge of module.lexed?.edges ?? []) await follow(module, edge);
    for (const prefix of module.lexed?.computedPrefixes ?? []) {
      for (const candidate of pathsUnder(tree, path, prefix)) {
        const seen = modules.has(candidate);
        if ((await read(candidate)).format !== "module") continue;
        guestImports.add(candidate);
        if (!seen) queue.push(candidate);
      }
    }
  }
  return {
    entry,
    modules,
    guestImports,
    guestRequires,
    builtins,
    missing,
    usesAsyncStores: modules.values().some(({ path, lexed }) => lexed !== null && usesAsyncStores(tree.readText(path))),
    resolve: (specifier, importer, kind) => resolveModule(tree, specifier, importer, kind),
  };
}

/** Files that an import() of a computed path may mean: the tool's own, under the part of the path that is known. */
function pathsUnder(tree: ToolTree, importer: string, prefix: string): string[] {
  if (prefix === "") return [];
  const folder = resolvePath(parentFolder(importer), prefix.slice(0, prefix.lastIndexOf("/") + 1));
  return tree.paths.filter(
    (path) => path.startsWith(`${folder}/`) && /\.[cm]?[jt]sx?$/u.test(path) && !path.includes("/node_modules/"),
  );
}

function toMissing(tree: ToolTree, importer: string, edge: ImportEdge, reason: string): MissingModule {
  return { importer, line: lineAt(tree.readText(importer), edge.offset), specifier: edge.specifier, reason };
}
