/** Adds a pinned tool to the project: its table in settings.toml and its entry in pocket.lock, both or neither. */
import {
  formatSource,
  isJsonObject,
  type JsonValue,
  type LockEntry,
  type ModuleDescription,
  type Permissions,
  PocketError,
  readLockfile,
  readSettings,
  setTool,
  type TomlTable,
  type TomlValue,
} from "@toolpocket/core";
import type { Session } from "../command.ts";
import { lockEntry, lockLocalTool, lockPath } from "./change-lock.ts";
import { listKinds } from "./permissions.ts";
import type { PinnedTool } from "./pin-tool.ts";
import { holdSettings, readSettingsText, withSettings } from "./settings-file.ts";
import { usageError } from "../usage-error.ts";

export interface NewTool {
  readonly name: string;
  readonly pinned: PinnedTool;
  readonly toolVars: Readonly<Record<string, string>>;
  readonly granted: Permissions;
}

/** @throws PocketError ERR_POCKET_SETTINGS_INVALID, ERR_POCKET_SETTINGS_WRITE, ERR_POCKET_LOCK_…; nothing is changed then */
export async function addToProject(tool: NewTool, session: Session): Promise<void> {
  await holdSettings(session.cwd, () => addToSettings(tool, session));
}

async function addToSettings(tool: NewTool, session: Session): Promise<void> {
  const { cwd } = session;
  // Another process may have been faster.
  await refuseTaken(tool.name, session);
  const before = await readSettingsText(cwd);
  const text = setTool(before ?? "", tool.name, toTable(tool, cwd));
  await withSettings(cwd, { before, text }, async () => {
    // Grants are checked by who reads them.
    await readSettings({ cwd });
    await lockPinned(tool, session);
  });
}

/**
 * Whether the name is free in settings and lock: nothing that is there may be replaced.
 * @throws PocketError ERR_POCKET_TOOL_DUPLICATE
 */
export async function refuseTaken(name: string, { cwd }: Session): Promise<void> {
  const { tools, file } = await readSettings({ cwd });
  const isLocked = (await readLockfile(lockPath(cwd))).tools.some((entry) => entry.name === name);
  if (!tools.has(name) && !isLocked) return;
  const place = tools.has(name) ? `[tools.${name}] of ${file}` : "pocket.lock, though not in settings.toml";
  throw new PocketError("ERR_POCKET_TOOL_DUPLICATE", `there is a tool "${name}" already: ${place}`, {
    hint: `give this one another name with \`--name ${name}_2\`, or take that one out with \`pocket remove ${name}\``,
    details: { tool: name },
  });
}

/** The source on one line, a folder of this machine relative to `cwd`. */
export function describeSource({ entry, folder }: PinnedTool, cwd: string): string {
  if (folder === undefined && entry.source !== "local" && entry.source !== "mcp") {
    return formatSource(entry.source === "git" ? { ...entry, kind: "git" } : { ...entry, kind: entry.source });
  }
  return formatSource({ kind: "local", path: folder ?? cwd }, { cwd });
}

/** `[tools.NAME]`, with the place as the lock has it. */
function toTable({ pinned, toolVars, granted }: NewTool, cwd: string): TomlTable {
  const allow = Object.fromEntries(listKinds(granted).map(([kind, entries]) => [kind, [...entries]]));
  return {
    ...toTarget(pinned, cwd),
    ...(Object.keys(toolVars).length > 0 && { tool_vars: { ...toolVars } }),
    ...(Object.keys(allow).length > 0 && { allow }),
  };
}

function toTarget(pinned: PinnedTool, cwd: string): TomlTable {
  const { entry } = pinned;
  switch (entry.source) {
    case "git":
      return toGitTarget(entry);
    case "url":
    case "oci":
      return { [entry.source]: entry.url, ...toModuleKeys(pinned.module) };
    case "local":
    case "mcp":
      return { local: describeSource(pinned, cwd).replace(/^local:/u, ""), ...toModuleKeys(pinned.module) };
  }
}

function toModuleKeys({ description, inputSchema, entrypoint }: ModuleDescription = {}): TomlTable {
  return {
    ...(description !== undefined && { description }),
    ...(entrypoint !== undefined && { entrypoint }),
    ...(inputSchema !== undefined && { input_schema: toTomlValue(inputSchema) }),
  };
}

/** TOML has no null; a schema that holds one cannot stand in settings. */
function toTomlValue(value: JsonValue): TomlValue {
  if (value === null) throw usageError("the input schema holds null, which settings.toml cannot", "take it out");
  if (Array.isArray(value)) return value.map(toTomlValue);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toTomlValue(member)]));
}

function toGitTarget({ url, ref, path }: Extract<LockEntry, { source: "git" }>): TomlTable {
  return { git: url, ...(ref !== "HEAD" && { ref }), ...(path !== "" && { path }) };
}

async function lockPinned({ name, pinned: { entry, folder, module } }: NewTool, session: Session): Promise<void> {
  await (folder === undefined
    ? lockEntry(session.cwd, { ...entry, name })
    : lockLocalTool(folder, { name, ...module }, session));
}
