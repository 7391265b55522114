/** Finds the component of a tool, and what of it is tools. */
import { type ComponentTools, readComponentTools } from "../component/component-tools.ts";
import type { JsonSchema } from "../json.ts";
import type { ToolFiles } from "../program.ts";
import type { Declaration } from "./declaration.ts";
import { resolveModule, type WasmModule } from "./wasm-entry.ts";

export interface ComponentEntry {
  readonly module: WasmModule;
  /** The functions that are tools; absent: all that can be called. */
  readonly select?: readonly string[];
  /** Known once the component's bytes are: not of a module that the manifest names by reference. */
  readonly content?: ComponentTools;
}

/** @throws PocketError ERR_POCKET_MANIFEST_INVALID, ERR_POCKET_COMPONENT_REFUSED */
export function resolveComponentEntry(declaration: Declaration, files: ToolFiles): ComponentEntry {
  const { tools } = declaration.component ?? {};
  const module = resolveModule(declaration, files);
  const entry = { module, ...(tools !== undefined && { select: tools }) };
  const bytes = module.kind === "file" ? files.get(module.path) : undefined;
  return bytes === undefined ? entry : { ...entry, content: readEntryContent(entry, bytes, files) };
}

/** The tools of the entry's component. @throws PocketError ERR_POCKET_COMPONENT_REFUSED */
export function readEntryContent(
  { module, select }: ComponentEntry,
  bytes: Uint8Array,
  files: ToolFiles,
): ComponentTools {
  const name = module.kind === "file" ? module.path : module.reference;
  return readComponentTools(bytes, { name, files, ...(select && { select }) });
}

/** What a model reads of a component: in the place of one tool's schema, description and schema of each tool. */
export function toToolsSchema({ content }: ComponentEntry): JsonSchema {
  const tools = (content?.tools ?? []).map(({ name, description, inputSchema }) => [
    name,
    { description, inputSchema },
  ]);
  return { tools: Object.fromEntries(tools) };
}
