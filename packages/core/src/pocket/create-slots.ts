/** Makes the slots of a tool that was read: bound, or broken with its reason; a component has several. */
import type { ComponentTool } from "../component/component-tools.ts";
import { isPocketError, PocketError } from "../errors.ts";
import type { ExternalDefinition } from "../external-tool.ts";
import { describeBroken } from "../lockfile/broken-tool.ts";
import type { LocalContent, PinnedContent } from "../lockfile/fetch-tools.ts";
import type { LockContext } from "../lockfile/lock-context.ts";
import { type BrokenReadTool, type ReadTool, type SoundReadTool, withDescription } from "../lockfile/read-tools.ts";
import type { RequestedTool } from "../lockfile/requested-tool.ts";
import { listRequires } from "../lockfile/tool-packages.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { readManifest } from "../manifest/read-manifest.ts";
import { PACKAGES_FOLDER, type ToolFiles } from "../program.ts";
import { formatSource } from "../source/format-source.ts";
import { digestTree } from "../store/digest-tree.ts";
import { bindExternal, bindFunction, bindTool, type BoundContent } from "./bind-tool.ts";
import { bindNamed, type ComponentManifest, completeManifest, createComponentSlots } from "./component-slots.ts";
import type { LoadedTool, ToolSlot } from "./loaded-tool.ts";
import { createLocalSlot } from "./local-slot.ts";

/** @throws PocketError as `bindTool` */
export function createSlots(context: LockContext, tool: ReadTool): ToolSlot[] {
  const { name, requested } = tool;
  if (tool.kind === "function") {
    const { target } = requested;
    if (target.kind === "external") return [createExternalSlot(name, target.definition, requested)];
    if (target.kind !== "function") throw new TypeError("a function is requested as one");
    return [createFixedSlot(name, bindFunction(target.definition, requested))];
  }
  if (tool.kind === "sound" && tool.manifest.runtime === "component") {
    return createSlotsOfComponent(context, tool, tool.manifest);
  }
  return [
    tool.content.kind === "local"
      ? createLocalToolSlot(context, tool, tool.content)
      : createPinnedSlot(context, tool, tool.content),
  ];
}

/** A component that cannot be used is one broken tool. */
function createSlotsOfComponent(context: LockContext, tool: SoundReadTool, manifest: ComponentManifest): ToolSlot[] {
  const { name, requested, content, files, modules } = tool;
  try {
    const complete = completeManifest(manifest, { files, modules });
    return createComponentSlots(complete, {
      given: requested.options.name,
      createSlot: (toolName, one) => {
        const named = { ...tool, manifest: complete, name: toolName };
        return content.kind === "local"
          ? createLocalToolSlot(context, named, content, one)
          : createPinnedSlot(context, named, content, one);
      },
    });
  } catch (error) {
    if (!isPocketError(error) || error.code !== "ERR_POCKET_COMPONENT_REFUSED") throw error;
    return [createFixedSlot(name, breakTool(name, requested.label, error))];
  }
}

/** A server may say what is no schema: its other tools can be used. */
function createExternalSlot(name: string, definition: ExternalDefinition, requested: RequestedTool): ToolSlot {
  try {
    return createFixedSlot(name, bindExternal(definition, requested));
  } catch (error) {
    if (!isPocketError(error)) throw error;
    return createFixedSlot(name, breakTool(name, definition.origin, error));
  }
}

function createPinnedSlot(
  context: LockContext,
  tool: SoundReadTool | BrokenReadTool,
  content: PinnedContent,
  one?: ComponentTool,
): ToolSlot {
  const { name, requested } = tool;
  const source = formatSource(content.resolution);
  if (tool.kind === "broken") return createFixedSlot(name, breakTool(name, source, tool.error));
  const { files, manifest } = tool;
  const beside = contentBeside(tool);
  // A described module's files are more than what was pinned.
  const integrity = files === content.files && beside.isEmpty ? content.integrity : digestAll(files, beside);
  const bound = { files, integrity, manifest, source, ...beside.bound, ...(one && { tool: one }) };
  return createFixedSlot(name, bindTool(name, requested, bound, context));
}

function createLocalToolSlot(
  context: LockContext,
  tool: SoundReadTool | BrokenReadTool,
  { folder, files }: LocalContent,
  one?: ComponentTool,
): ToolSlot {
  const { name, requested, kind } = tool;
  const beside = contentBeside(kind === "sound" ? tool : {});
  const requires = kind === "sound" ? listRequires(tool.manifest) : undefined;
  const source = requested.label;
  const bind = (read: ToolFiles, manifest: Manifest, component?: ComponentTool): LoadedTool => {
    if (requires !== undefined) refuseNewPackages(requires, manifest);
    const bound = { files: read, integrity: digestAll(read, beside), manifest, source, ...beside.bound };
    return bindTool(name, requested, component === undefined ? bound : { ...bound, tool: component }, context);
  };
  const bindAgain = (found: ToolFiles): LoadedTool => {
    const read = withDescription(found, requested);
    const manifest = readManifest(read);
    if (one === undefined || manifest.runtime !== "component") return bind(read, manifest);
    const complete = completeManifest(manifest, { files: read, modules: beside.bound.modules });
    return bindNamed(complete, one.name, (component) => bind(read, complete, component));
  };
  return createLocalSlot({
    name,
    source,
    folder,
    files,
    tool: tool.kind === "broken" ? breakTool(name, source, tool.error) : bind(tool.files, tool.manifest, one),
    bind: bindAgain,
  });
}

/** Content that comes from elsewhere than the tool's folder. */
interface ContentBeside {
  readonly isEmpty: boolean;
  readonly bound: Pick<BoundContent, "modules" | "packages">;
}

function contentBeside({ modules, packages }: Pick<SoundReadTool, "modules" | "packages">): ContentBeside {
  const isEmpty = modules === undefined && packages === undefined;
  return { isEmpty, bound: { ...(modules && { modules }), ...(packages && { packages }) } };
}

/** One digest over the files and what comes from elsewhere. */
function digestAll(files: ToolFiles, { isEmpty, bound: { modules, packages = [] } }: ContentBeside): string {
  if (isEmpty) return digestTree(files);
  const wheels = packages.map(({ fileName, content }) => [`${PACKAGES_FOLDER}/${fileName}`, content] as const);
  return digestTree(new Map([...files, ...(modules ?? []), ...wheels]));
}

/** A tool that is edited while it is loaded runs with the packages that it was loaded with. */
function refuseNewPackages(requires: readonly string[], manifest: Manifest): void {
  if (String(requires) === String(listRequires(manifest))) return;
  throw new PocketError(
    "ERR_POCKET_MANIFEST_INVALID",
    `${manifest.file}: the packages of "${manifest.name}" were changed after it was loaded`,
    { hint: "load it again: restart, or make a new Pocket", details: { file: manifest.file, key: "packages" } },
  );
}

function breakTool(name: string, source: string, error: PocketError): LoadedTool {
  return { kind: "broken", broken: describeBroken(name, source, error), error };
}

function createFixedSlot(name: string, tool: LoadedTool): ToolSlot {
  return { name, current: async () => tool };
}
