/** The tools of a component as slots: one for each function, with names that the user can foresee. */
import type { ComponentTool } from "../component/component-tools.ts";
import { PocketError } from "../errors.ts";
import { readEntryContent } from "../manifest/component-entry.ts";
import { findModule } from "../manifest/create-program.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { isToolName } from "../manifest/tool-name.ts";
import type { ToolFiles } from "../program.ts";
import type { BoundContent } from "./bind-tool.ts";
import type { LoadedTool, ToolSlot } from "./loaded-tool.ts";

export type ComponentManifest = Extract<Manifest, { runtime: "component" }>;

export interface ComponentSlotsOptions {
  /** The name that the user gave the component. */
  readonly given: string | undefined;
  readonly createSlot: (name: string, tool: ComponentTool) => ToolSlot;
}

/**
 * A slot for each tool: under its own name; where the user gave the component a name, under that one if it is its only
 * tool, else under both, as `calc_add`.
 * @throws PocketError ERR_POCKET_COMPONENT_REFUSED when a name becomes too long
 */
export function createComponentSlots(
  manifest: ComponentManifest,
  { given, createSlot }: ComponentSlotsOptions,
): ToolSlot[] {
  const tools = toolsOf(manifest);
  return tools.map((tool) => createSlot(nameTool(tool, { given, isOnly: tools.length === 1 }), tool));
}

function nameTool(tool: ComponentTool, { given, isOnly }: { given: string | undefined; isOnly: boolean }): string {
  if (given === undefined) return tool.name;
  const name = isOnly ? given : `${given}_${tool.name}`;
  if (isToolName(name)) return name;
  throw new PocketError("ERR_POCKET_COMPONENT_REFUSED", `"${name}" is too long for the name of a tool`, {
    hint: `give the component a shorter name than "${given}"`,
    details: { name },
  });
}

function toolsOf({ entry }: ComponentManifest): readonly ComponentTool[] {
  return entry.content?.tools ?? [];
}

/** The manifest with the component's tools, also where its module came from elsewhere. */
export function completeManifest(
  manifest: ComponentManifest,
  { files, modules }: { files: ToolFiles; modules: BoundContent["modules"] },
): ComponentManifest {
  if (manifest.entry.content !== undefined) return manifest;
  const { bytes } = findModule(manifest, { files, modules });
  const content = readEntryContent(manifest.entry, bytes, files);
  return { ...manifest, entry: { ...manifest.entry, content } };
}

/** Binds the tool of that name, of a component that may have been edited since. */
export function bindNamed(
  manifest: ComponentManifest,
  wanted: string,
  bind: (tool: ComponentTool) => LoadedTool,
): LoadedTool {
  const tool = toolsOf(manifest).find(({ name }) => name === wanted);
  if (tool !== undefined) return bind(tool);
  throw new PocketError("ERR_POCKET_COMPONENT_REFUSED", `the component exports no function "${wanted}" any more`, {
    hint: "load the Pocket again",
    details: { tool: wanted },
  });
}
