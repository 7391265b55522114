/** Reads what fetched tools say of themselves, and gives each its name. */
import { PocketError, isPocketError } from "../errors.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { readManifest } from "../manifest/read-manifest.ts";
import { toToolName } from "../manifest/tool-name.ts";
import { describeModule } from "../modules/describe-module.ts";
import type { ToolFiles } from "../program.ts";
import { withoutVersion } from "../source/without-version.ts";
import type { FetchedTool, LocalContent, PinnedContent } from "./fetch-tools.ts";
import type { ToolModules } from "./tool-modules.ts";
import type { ToolPackages } from "./tool-packages.ts";
import type { RequestedTool } from "./requested-tool.ts";

/** How many folders of a repository a hint names. */
const MAX_NAMED_FOLDERS = 8;

interface NamedTool {
  readonly requested: RequestedTool;
  readonly name: string;
}

/** Runs outside of the sandbox: the user's function, or a tool that somebody else runs. */
export interface FunctionReadTool extends NamedTool {
  readonly kind: "function";
}

export interface SoundReadTool extends NamedTool, ToolModules, ToolPackages {
  readonly kind: "sound";
  readonly content: PinnedContent | LocalContent;
  /** Those of the content, for a lone module with the manifest that its request gives. */
  readonly files: ToolFiles;
  readonly manifest: Manifest;
  /** Whether the manifest was made of what the request says of a lone module. */
  readonly isDescribed: boolean;
}

/** A tool whose manifest cannot be used: it is listed, and does not stop the others. */
export interface BrokenReadTool extends NamedTool, ToolModules, ToolPackages {
  readonly kind: "broken";
  readonly content: PinnedContent | LocalContent;
  readonly error: PocketError;
}

export type ReadTool = FunctionReadTool | SoundReadTool | BrokenReadTool;

/**
 * The tools with their manifests, named: by the request, else by the manifest, else, when that is broken, by lock or folder.
 * @throws PocketError ERR_POCKET_TOOL_DUPLICATE when two have one name.
 */
export function readTools(fetched: readonly FetchedTool[]): ReadTool[] {
  const tools = fetched.map(readTool);
  refuseDuplicates(tools.filter((tool) => !isGuessed(tool)));
  return freeGuessedNames(tools);
}

function readTool({ requested, content }: FetchedTool): ReadTool {
  const { target, options } = requested;
  if (content.kind === "function")
    return {
      kind: "function",
      requested,
      name: target.kind === "function" || target.kind === "external" ? target.name : "",
    };
  try {
    const checkedDefinition = content.kind === "local" ? undefined : content.entry?.definition;
    const files = withDescription(content.files, requested);
    const manifest = readManifest(files, checkedDefinition === undefined ? {} : { checkedDefinition });
    const isDescribed = files !== content.files;
    return { kind: "sound", requested, content, files, manifest, isDescribed, name: options.name ?? manifest.name };
  } catch (error) {
    if (!isPocketError(error)) throw error;
    return {
      kind: "broken",
      requested,
      content,
      error: nameToolFolders(error, content),
      name: options.name ?? guessName(content),
    };
  }
}

/**
 * The files with the manifest that the request gives a lone module. What comes out of a repository describes itself.
 * @throws PocketError as `describeModule`
 */
export function withDescription(files: ToolFiles, { target, module, label }: RequestedTool): ToolFiles {
  return target.kind === "git" ? files : describeModule(files, module ?? {}, label);
}

/** Where the folder holds no tool, the repository's tools are what was meant. */
function nameToolFolders(error: PocketError, content: PinnedContent | LocalContent): PocketError {
  const folders = content.kind === "git" ? (content.toolFolders ?? []) : [];
  if (folders.length === 0) return error;
  const named = folders.slice(0, MAX_NAMED_FOLDERS).map((folder) => JSON.stringify(folder || "."));
  return new PocketError(error.code, error.message, {
    hint: `name the folder of a tool: the repository has tools in ${named.join(", ")}`,
    details: { ...error.details, folders },
    cause: error,
  });
}

function isGuessed({ kind, requested }: ReadTool): boolean {
  return kind === "broken" && requested.options.name === undefined;
}

/** A broken tool's name: as it was locked, else that of its folder, else that of its repository. */
function guessName(content: PinnedContent | LocalContent): string {
  if (content.kind !== "local" && content.entry !== undefined) return content.entry.name;
  const path = placeOf(content);
  const last =
    path
      .replace(/\.(?:git|wasm)$/u, "")
      .split(/[/\\:]/u)
      .findLast((segment) => segment !== "") ?? "";
  return toToolName(last);
}

function placeOf(content: PinnedContent | LocalContent): string {
  if (content.kind === "local") return content.folder;
  const { resolution } = content;
  if (resolution.kind === "git") return resolution.path || resolution.url;
  return withoutVersion(resolution.url.split(/[?#]/u, 1)[0] ?? "");
}

/** A guess gives way to a name that a sound tool has. */
function freeGuessedNames(tools: readonly ReadTool[]): ReadTool[] {
  const taken = new Set(tools.filter((tool) => !isGuessed(tool)).map((tool) => tool.name));
  return tools.map((tool) => {
    if (!isGuessed(tool)) return tool;
    let name = tool.name;
    for (let count = 2; taken.has(name); count += 1) name = `${tool.name.slice(0, 60)}-${count}`;
    taken.add(name);
    return { ...tool, name };
  });
}

function refuseDuplicates(tools: readonly ReadTool[]): void {
  for (const [name, same] of Map.groupBy(tools, (tool) => tool.name)) {
    if (same.length < 2) continue;
    const sources = same.map(({ requested }) => requested.label);
    throw new PocketError(
      "ERR_POCKET_TOOL_DUPLICATE",
      `${same.length} tools are named "${name}": ${sources.join(" and ")}`,
      {
        hint: `give all but one another name: { name: "${name}_2" } in code, or another [tools.…] in settings.toml`,
        details: { name, sources },
      },
    );
  }
}
