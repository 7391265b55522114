/** Finds what a node tool runs: the file that its manifest names, or the default. */
import type { NodeEntry, ToolFiles } from "../program.ts";
import { quoteText } from "../tables/describe-value.ts";
import type { Declaration } from "./declaration.ts";
import { noDefaultEntry, requireEntryFile } from "./entry-file.ts";

/** Built files first: a source may stand beside them that they were made from. The first is Hyperpocket's. */
const DEFAULT_ENTRIES = ["dist/index.js", "index.js", "index.mjs", "index.cjs", "index.ts", "main.ts", "src/index.ts"];

/** @throws PocketError ERR_POCKET_MANIFEST_INVALID, `details: { file, key, found?, nearest? }` */
export function resolveNodeEntry(declaration: Declaration, files: ToolFiles): NodeEntry {
  const { entry } = declaration;
  if (entry?.kind === "module") {
    throw declaration.entryFault(`node cannot run the module ${quoteText(entry.module)}`, {
      found: entry.module,
      hint: "name a file",
    });
  }
  if (entry !== undefined) {
    requireEntryFile(declaration, entry.path, files);
    return { path: entry.path, ...(entry.function !== undefined && { function: entry.function }) };
  }
  const path = DEFAULT_ENTRIES.find((candidate) => files.has(candidate));
  if (path !== undefined) return { path };
  throw noDefaultEntry(declaration, files, DEFAULT_ENTRIES.slice(0, 3));
}
