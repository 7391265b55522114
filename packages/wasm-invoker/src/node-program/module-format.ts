/** Decides, as Node does, whether a file is an ES module, CommonJS, JSON, or nothing that can be loaded. */
import { findPackageScope, parentFolder } from "@toolpocket/runtime-templates/node-resolution";
import { type Loader, transform } from "esbuild";
import type { LexedModule } from "./lex-module.ts";
import type { ToolTree } from "./tool-tree.ts";

export type ModuleFormat = "module" | "commonjs" | "json" | "unsupported";

const LOADERS: Readonly<Record<string, Loader>> = {
  ".js": "js",
  ".mjs": "js",
  ".cjs": "js",
  ".jsx": "jsx",
  ".ts": "ts",
  ".mts": "ts",
  ".cts": "ts",
  ".tsx": "tsx",
  ".json": "json",
};

/** The esbuild loader for `path`; a file without an extension is a script. */
export function loaderOf(path: string): Loader | null {
  const extension = /\.[^./]+$/u.exec(path)?.[0];
  return extension === undefined ? "js" : (LOADERS[extension] ?? null);
}

/** Whether the file's types have to be stripped before a JavaScript engine can read it. */
export function isTypeScript(path: string): boolean {
  return /\.(?:[cm]?ts|[tj]sx)$/u.test(path);
}

/**
 * The format by extension, else by the nearest package.json's `type`, else by what stands in the file.
 * @param lexed what the lexer found, where it could read the file
 */
export async function formatOf(tree: ToolTree, path: string, lexed: LexedModule | null): Promise<ModuleFormat> {
  const loader = loaderOf(path);
  if (loader === null) return "unsupported";
  if (loader === "json") return "json";
  if (/\.m[jt]s$/u.test(path)) return "module";
  if (/\.c[jt]s$/u.test(path)) return "commonjs";
  const type = findPackageScope(tree, parentFolder(path))?.manifest.type;
  if (type === "module") return "module";
  if (type === "commonjs") return "commonjs";
  if (lexed?.hasModuleSyntax) return "module";
  return (await hasTopLevelAwait(tree, path, loader)) ? "module" : "commonjs";
}

async function hasTopLevelAwait(tree: ToolTree, path: string, loader: Loader): Promise<boolean> {
  const text = tree.readText(path);
  if (path.includes("/node_modules/") || !/\bawait\b/u.test(text)) return false;
  const failure = await transform(text, { loader, format: "cjs", logLevel: "silent", tsconfigRaw: "{}" }).then(
    () => null,
    (error: unknown) => error,
  );
  return failure instanceof Error && failure.message.includes("Top-level await");
}
