/**
 * The esbuild plugin that answers every resolve and load from the tool's own files, so that nothing of the host is read.
 *
 * ES modules are bundled. A CommonJS module or a builtin stands in the bundle as a thin module that asks the guest's
 * loader for it: `$tp`, the one name that the bundle gets from outside.
 */
import type { OnLoadResult, OnResolveArgs, OnResolveResult, Plugin } from "esbuild";
import { DYNAMIC_IMPORT, IMPORT_META } from "./lex-module.ts";
import { lowerAsync } from "./lower-async.ts";
import { loaderOf } from "./module-format.ts";
import type { ModuleGraph } from "./module-graph.ts";
import type { ToolTree } from "./tool-tree.ts";

/** Namespace of the tool's own modules: the prefix of their names in the source map. */
const TOOL_NAMESPACE = "tool";
/** Namespace of modules that are not there: evaluating one throws. */
const MISSING_NAMESPACE = "toolpocket-missing";
/** The entry of the bundle. */
export const MAIN_MODULE = "toolpocket-main:program";

/** What the modules of each of the plugin's own namespaces consist of, by what stands after the colon. */
const OWN_MODULES: Readonly<Record<string, (name: string) => string>> = {
  "toolpocket-builtin": (name) => thinModule(`$tp.builtin(${quote(name)})`, `toolpocket-builtin-names:${name}`),
  "toolpocket-builtin-names": (name) => `module.exports = $tp.builtin(${quote(name)})`,
  "toolpocket-commonjs": (path) => thinModule(`$tp.require(${quote(path)})`, `toolpocket-commonjs-names:${path}`),
  "toolpocket-commonjs-names": (path) => `module.exports = $tp.require(${quote(path)})`,
  "toolpocket-meta": (path) => `export const meta = $tp.meta(${quote(path)})`,
  "toolpocket-import": (path) => `export const load = (specifier) => $tp.import(specifier, ${quote(path)})`,
  [MISSING_NAMESPACE]: (reason) => `module.exports = $tp.missing(${quote(reason)})`,
};

export interface ToolPluginOptions {
  readonly tree: ToolTree;
  readonly graph: ModuleGraph;
  /** Text of the module that starts the program. */
  readonly main: string;
  /** Text of the module that is evaluated before it. */
  readonly registry: string;
}

export function createToolPlugin({ tree, graph, main, registry }: ToolPluginOptions): Plugin {
  const own: Readonly<Record<string, (name: string) => string>> = {
    ...OWN_MODULES,
    "toolpocket-main": () => main,
    "toolpocket-registry": () => registry,
  };
  return {
    name: "toolpocket",
    setup(build) {
      build.onResolve({ filter: /.*/ }, (args) => resolveImport(graph, args, own));
      build.onLoad({ filter: /.*/, namespace: TOOL_NAMESPACE }, ({ path }) => loadToolModule(tree, graph, path));
      build.onLoad({ filter: /.*/ }, ({ path, namespace }) => {
        const text = own[namespace]?.(path.slice(0, -NO_EXTENSION.length));
        return text === undefined ? { errors: [{ text: `${path} is not a module of the tool` }] } : { contents: text };
      });
    },
  };
}

function resolveImport(
  graph: ModuleGraph,
  { path, importer, namespace, kind }: OnResolveArgs,
  own: Readonly<Record<string, unknown>>,
): OnResolveResult {
  // A tool that names one of these itself gains nothing: they only call the guest's loader.
  const colon = path.indexOf(":");
  const ownNamespace = path.slice(0, colon);
  if (Object.hasOwn(own, ownNamespace)) return toOwnModule(ownNamespace, path.slice(colon + 1));
  if (namespace !== TOOL_NAMESPACE) return { path, namespace: TOOL_NAMESPACE };

  const importKind = kind === "require-call" || kind === "require-resolve" ? "require" : "import";
  const resolved = graph.resolve(path, importer, importKind);
  if (resolved.kind === "missing") return toMissingModule(resolved.reason);
  const suffix = importKind === "require" ? "-names" : "";
  if (resolved.kind === "builtin") return toOwnModule(`toolpocket-builtin${suffix}`, resolved.name);
  switch (graph.modules.get(resolved.path)?.format) {
    case "module":
      return { path: resolved.path, namespace: TOOL_NAMESPACE };
    case "json":
      return { path: resolved.path, namespace: TOOL_NAMESPACE };
    case "commonjs":
      return toOwnModule(`toolpocket-commonjs${suffix}`, resolved.path);
    default:
      return toOwnModule(MISSING_NAMESPACE, `Unknown file extension of ${resolved.path}`);
  }
}

/** Ends the names of the plugin's own modules, which esbuild would else judge by the extension of a tool's file. */
const NO_EXTENSION = "#";

/** The name that a module which is not there has among a bundle's inputs. */
export function missingModuleName(reason: string): string {
  const { namespace, path } = toMissingModule(reason);
  return `${namespace}:${path}`;
}

function toMissingModule(reason: string): OnResolveResult {
  return toOwnModule(MISSING_NAMESPACE, `Cannot find ${reason}`);
}

function toOwnModule(namespace: string, name: string): OnResolveResult {
  return { path: name + NO_EXTENSION, namespace };
}

async function loadToolModule(tree: ToolTree, graph: ModuleGraph, path: string): Promise<OnLoadResult> {
  const module = graph.modules.get(path);
  const loader = loaderOf(path);
  if (!module || !loader) return { errors: [{ text: "not a module of the tool" }] };
  const { lexed } = module;
  const text = lexed?.text ?? tree.readText(path);
  if (loader === "json") return { contents: text, loader };
  const lowered = graph.usesAsyncStores ? await lowerAsync(text, path, loader) : null;
  // Imports are hoisted: at the end they move no line. An empty source map keeps esbuild from following the tool's own.
  const added = [
    lexed?.usesImportMeta ? `import { meta as ${IMPORT_META} } from ${quote(`toolpocket-meta:${path}`)};` : "",
    lexed?.computedPrefixes.length
      ? `import { load as ${DYNAMIC_IMPORT} } from ${quote(`toolpocket-import:${path}`)};`
      : "",
  ];
  const map = lowered ? `data:application/json;base64,${Buffer.from(lowered.map).toString("base64")}` : "";
  const contents = `${lowered?.code ?? text}\n${added.join("")}\n//# sourceMappingURL=${map}\n`;
  return { contents, loader: lowered ? "js" : loader };
}

/** A module whose default is the value and whose names are looked up in it when they are used, as Node's interop has it. */
function thinModule(expression: string, names: string): string {
  return `export * from ${quote(names)}; const value = ${expression}; export { value as default };`;
}

/** A string literal that is valid in every JavaScript. */
export function quote(text: string): string {
  return JSON.stringify(text);
}
