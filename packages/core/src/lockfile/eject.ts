/** Copies one tool into the user's project, so that it becomes his own: `pocket eject`. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { PocketError } from "../errors.ts";
import { nearestHint } from "../nearest.ts";
import type { PocketOptions } from "../pocket-options.ts";
import type { ToolFiles } from "../program.ts";
import { describeModule } from "../modules/describe-module.ts";
import { setTool } from "../settings/edit-settings.ts";
import { DEFAULT_SETTINGS } from "../settings/read-settings.ts";
import { MODULE_KEYS, TARGET_KEYS } from "../settings/settings-keys.ts";
import { formatSource } from "../source/format-source.ts";
import { isTomlTable, parseToml } from "../toml.ts";
import { fetchTools } from "./fetch-tools.ts";
import { type LockContext, openLockContext } from "./lock-context.ts";
import { type Lockfile, type PinnedLockEntry, toSource } from "./lock-entry.ts";
import { readLockfile } from "./lockfile-on-disk.ts";
import { entryMatches } from "./entry-matches.ts";
import { readRequests, requestEntry } from "./requested-tool.ts";
import { partFailures, toToolError } from "./tool-failure.ts";

export interface EjectToolOptions {
  /** Folder to be made, relative to `cwd`. @defaultValue "tools/" and the tool's name */
  to?: string;
}

export interface EjectedTool {
  readonly name: string;
  /** Absolute path of the new folder. */
  readonly folder: string;
  /** Paths in it, sorted. */
  readonly files: readonly string[];
  /** The folder relative to `cwd`, with `/`, as a request names it. */
  readonly local: string;
  /** The edit that takes the tool from there; absent where settings.toml does not hold the tool. */
  readonly settings?: SettingsEdit;
}

/** A settings file and its new text, in which only this tool's target differs. */
export interface SettingsEdit {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/**
 * Copies the content that the lock pins into a new folder, from the store or its repository. Lock and settings stay as
 * they are: once the edit is written, the next `pocket lock sync` takes the tool from the folder.
 * @throws PocketError ERR_POCKET_FILE_EXISTS when the folder is there already, ERR_POCKET_TOOL_UNKNOWN when the lock has
 * no such tool, ERR_POCKET_USAGE when it is a local one.
 */
export async function ejectTool(
  options: PocketOptions,
  name: string,
  eject: EjectToolOptions = {},
): Promise<EjectedTool> {
  const context = await openLockContext(options);
  const entry = findEntry(await readLockfile(context.lockfile), name);
  const files = await readContent(context, entry);
  const folder = resolve(context.cwd, eject.to ?? join("tools", name));
  await createFolder(folder);
  try {
    await writeFiles(folder, files);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const local = formatSource({ kind: "local", path: folder }, { cwd: context.cwd }).slice("local:".length);
  const settings = await editSettings(resolve(context.cwd, options.settings ?? DEFAULT_SETTINGS), name, local);
  return { name, folder, files: [...files.keys()].toSorted(), local, ...(settings !== undefined && { settings }) };
}

async function editSettings(path: string, name: string, local: string): Promise<SettingsEdit | undefined> {
  const text = await readFile(path, "utf8").catch(whenMissing);
  if (text === undefined) return undefined;
  const { tools } = parseToml(text, { file: path, code: "ERR_POCKET_SETTINGS_INVALID" });
  const tool = isTomlTable(tools) ? tools[name] : undefined;
  if (!isTomlTable(tool)) return undefined;
  const gone = new Set<string>([...TARGET_KEYS, "ref", "path", ...MODULE_KEYS]);
  const rest = Object.fromEntries(Object.entries(tool).filter(([key]) => !gone.has(key)));
  return { path, text: setTool(text, name, { ...rest, local }) };
}

function findEntry({ tools }: Lockfile, name: string): PinnedLockEntry {
  const entry = tools.find((tool) => tool.name === name);
  if (entry?.source === "mcp") {
    throw new PocketError("ERR_POCKET_USAGE", `"${name}" runs on an MCP server, ${entry.url}: its code is not here`, {
      hint: "eject a tool of a repository",
      details: { tool: name },
    });
  }
  if (entry !== undefined && entry.source !== "local") return entry;
  if (entry !== undefined) {
    throw new PocketError("ERR_POCKET_USAGE", `"${name}" is a local tool already, in ${entry.path}`, {
      hint: "edit it where it is",
      details: { tool: name, path: entry.path },
    });
  }
  const known = tools.map((tool) => tool.name);
  throw new PocketError("ERR_POCKET_TOOL_UNKNOWN", `pocket.lock holds no tool "${name}"${nearestHint(name, known)}`, {
    hint: known.length === 0 ? "run `pocket lock sync` first" : `name one of ${known.join(", ")}`,
    details: { tool: name, known },
  });
}

async function readContent(context: LockContext, entry: PinnedLockEntry): Promise<ToolFiles> {
  const plan = { kind: "pinned", entry, source: toSource(entry) } as const;
  const { requested: known } = await readRequests(context.requests, context.cwd);
  const asked = known.find(({ target, options }) => options.name === entry.name && entryMatches(entry, target));
  const requested = asked ?? requestEntry(entry, context);
  const { done, failures } = partFailures(await fetchTools(context, [{ requested, plan }], { repair: true }));
  if (failures[0] !== undefined) throw toToolError(failures[0]);
  const content = done[0]?.content;
  if (content === undefined || content.kind === "function") throw new TypeError("a locked tool has content");
  // What a request says of a lone module becomes the folder's own manifest.
  const isDescribed = content.kind === "remote" && asked?.module?.description !== undefined;
  return isDescribed ? describeModule(content.files, asked.module, asked.label) : content.files;
}

async function createFolder(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  try {
    await mkdir(folder);
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
    throw new PocketError("ERR_POCKET_FILE_EXISTS", `${folder} exists already, and nothing is overwritten`, {
      hint: "name another folder with `--to`, or move this one away",
      details: { path: folder },
      cause,
    });
  }
}

function whenMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}

async function writeFiles(folder: string, files: ToolFiles): Promise<void> {
  for (const [path, content] of files) {
    const file = join(folder, ...path.split("/"));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content, { flag: "wx" });
  }
}
