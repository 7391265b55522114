/** Prepares a node program for the guest: its ES modules become one async function, CommonJS is loaded by the guest. */
import { type NodeProgram, PocketError } from "@toolpocket/core";
import type { GuestNodeProgram } from "@toolpocket/runtime-templates";
import { resolvePath, TOOL_ROOT } from "@toolpocket/runtime-templates/node-resolution";
import { build, stop, transform } from "esbuild";
import { missingModuleError, toBundleError } from "./bundle-error.ts";
import { type LoweredModule, lowerAsync } from "./lower-async.ts";
import { isTypeScript, loaderOf } from "./module-format.ts";
import { type ModuleGraph, readModuleGraph } from "./module-graph.ts";
import { createToolPlugin, MAIN_MODULE, missingModuleName, quote } from "./tool-plugin.ts";
import { createToolTree, type ToolTree } from "./tool-tree.ts";

/** Names of the bundle's two outputs; nothing is written. */
const OUTPUT = "/toolpocket.js";
/** Syntax that every supported Chromium has. */
const TARGET = "chrome140";

/**
 * Bundles `program` for the node runtime, from its own files and nothing else. Runs none of its code.
 * @throws PocketError ERR_POCKET_TOOL_BROKEN when a module does not parse, or an import that is needed to start is missing
 */
export async function bundleNodeProgram(program: NodeProgram): Promise<GuestNodeProgram> {
  const tree = createToolTree(program.files);
  const entryPath = resolvePath(TOOL_ROOT, program.entry.path);
  if (!tree.isFile(entryPath)) {
    throw new PocketError("ERR_POCKET_TOOL_BROKEN", `the tool has no file ${program.entry.path}`, {
      hint: "name the entry file in the tool's manifest",
      details: { file: program.entry.path },
    });
  }
  const graph = await readModuleGraph(tree, entryPath);
  if (graph.entry.format !== "module") await checkRequires(tree, graph);
  const bundle = needsBundle(graph) ? await bundleModules(tree, graph) : { code: "", sourceMap: "" };
  return {
    runtime: "node",
    entry: program.entry.path,
    ...(program.entry.function !== undefined && { function: program.entry.function }),
    args: program.args,
    format: graph.entry.format === "module" ? "module" : "commonjs",
    builtins: [...graph.builtins],
    ...bundle,
    files: Array.from(program.files, ([path, content]) => ({ path, content })),
  };
}

/** Ends the process that bundles, if one was started; the next program starts it again. */
export async function closeNodeBundler(): Promise<void> {
  await stop();
}

/** Plain CommonJS needs nothing from the host: the guest's loader reads it from the tool's files. */
function needsBundle({ entry, modules, guestImports, usesAsyncStores }: ModuleGraph): boolean {
  return entry.format === "module" || guestImports.size > 0 || usesAsyncStores || modules.keys().some(isTypeScript);
}

async function bundleModules(tree: ToolTree, graph: ModuleGraph): Promise<{ code: string; sourceMap: string }> {
  const { entry } = graph;
  const start = entry.format === "module" ? `import * as entry from ${quote(entry.path)}; $tp.main(entry);` : "";
  const plugin = createToolPlugin({
    tree,
    graph,
    main: `import "toolpocket-registry:modules";${start}`,
    registry: await writeRegistry(tree, graph),
  });
  const { outputFiles, metafile } = await build({
    entryPoints: [MAIN_MODULE],
    outfile: OUTPUT,
    absWorkingDir: "/",
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    target: TARGET,
    keepNames: true,
    sourcemap: "external",
    sourcesContent: false,
    charset: "utf8",
    legalComments: "none",
    tsconfigRaw: "{}",
    logLevel: "silent",
    banner: { js: '"use strict";' },
    plugins: [plugin],
  }).catch((error: unknown) => {
    throw toBundleError(error);
  });
  // What is imported for its types only is not among the inputs.
  const missing = graph.missing.find(({ reason }) => Object.hasOwn(metafile.inputs, missingModuleName(reason)));
  if (missing && entry.format === "module") throw missingModuleError(missing);
  const output = (suffix: string): string => outputFiles.find(({ path }) => path.endsWith(suffix))?.text ?? "";
  return { code: output(".js"), sourceMap: output(".map") };
}

/** Tells the guest's loader of the modules that only the host can prepare: ES modules, and CommonJS with types. */
async function writeRegistry(tree: ToolTree, graph: ModuleGraph): Promise<string> {
  const lines = Array.from(graph.guestImports, (path) => {
    const load = graph.guestRequires.has(path) ? `, () => require(${quote(path)})` : "";
    return `$tp.module(${quote(path)}, () => import(${quote(path)})${load});`;
  });
  for (const { path, format } of graph.modules.values()) {
    const prepared = format === "commonjs" ? await prepareCommonJs(tree, graph, path) : null;
    if (prepared) lines.push(`$tp.source(${quote(path)}, ${quote(prepared.code)}, ${quote(prepared.map)});`);
  }
  return lines.join("\n");
}

/** What the guest loads in place of the file; null where it loads the file as it is. */
async function prepareCommonJs(tree: ToolTree, graph: ModuleGraph, path: string): Promise<LoweredModule | null> {
  const loader = loaderOf(path) ?? "js";
  const text = tree.readText(path);
  if (!isTypeScript(path)) return graph.usesAsyncStores ? lowerAsync(text, path, loader) : null;
  const stripped = await transform(text, {
    loader,
    format: "cjs",
    platform: "node",
    target: TARGET,
    keepNames: true,
    sourcefile: path,
    sourcemap: "external",
    sourcesContent: false,
    tsconfigRaw: "{}",
    logLevel: "silent",
  }).catch((error: unknown) => {
    throw toBundleError(error);
  });
  return (graph.usesAsyncStores ? await lowerAsync(text, path, loader) : null) ?? stripped;
}

/** A CommonJS program whose first lines require what is not there would fail on every call: say so before the first. */
async function checkRequires(tree: ToolTree, graph: ModuleGraph): Promise<void> {
  for (const missing of graph.missing) {
    // Without its comments, the text tells a statement from an example in one.
    const { code } = await transform(tree.readText(missing.importer), {
      loader: loaderOf(missing.importer) ?? "js",
      legalComments: "none",
      tsconfigRaw: "{}",
      logLevel: "silent",
    }).catch((error: unknown) => {
      throw toBundleError(error);
    });
    const quoted = missing.specifier.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
    if (new RegExp(`^(?:.*=\\s*)?(?:require\\("${quoted}"\\))`, "mu").test(code)) throw missingModuleError(missing);
  }
}
