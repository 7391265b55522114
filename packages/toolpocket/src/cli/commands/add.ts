/** `pocket add`: resolves a tool, shows what it is and asks for, and writes it into settings.toml and pocket.lock. */
import {
  fromGit,
  fromLocal,
  formatSource,
  type LockEntry,
  type Manifest,
  parseSource,
  type Permissions,
  PocketError,
  readLockfile,
  readSettings,
  resolveVariables,
  type Runtime,
  setTool,
  type TomlTable,
  type ToolRequest,
} from "@toolpocket/core";
import { type CommandLine, defineCommand, type OptionSpecs, type Session } from "../command.ts";
import { lockEntry, lockLocalTool, lockPath } from "../project/change-lock.ts";
import { findMissing, listKinds, parseAllow } from "../project/permissions.ts";
import { type PinnedTool, pinTool } from "../project/pin-tool.ts";
import { readSettingsText, withSettings } from "../project/settings-file.ts";
import { renderAddedTool } from "../text/added-tool.ts";
import { usageError } from "../usage-error.ts";

const OPTIONS = {
  name: { kind: "text", value: "NAME", about: "what the agent calls the tool; by default the manifest's name" },
  ref: { kind: "text", value: "REF", about: "a branch, tag or commit; by default the repository's HEAD" },
  path: { kind: "text", value: "PATH", about: "the tool's folder in the repository" },
  var: { kind: "list", value: "NAME=VALUE", about: "set a variable that the tool declares; may be repeated" },
  allow: { kind: "list", value: "KIND=VALUE", about: "grant network, env or storage; may be repeated" },
  offline: { kind: "flag", about: "use the store only" },
} as const satisfies OptionSpecs;

export interface AddedTool {
  readonly name: string;
  readonly description: string;
  readonly runtime: Runtime;
  /** On one line. */
  readonly source: string;
  /** Of a tool in a repository. */
  readonly commit?: string;
  readonly variables: readonly { readonly name: string; readonly value: string; readonly isDefault: boolean }[];
  readonly permissions: { readonly asked: Permissions; readonly granted: Permissions; readonly missing: Permissions };
  /** Of the manifest, for its author. */
  readonly warnings: readonly string[];
}

export const addCommand = defineCommand({
  name: "add",
  summary: "Add a tool to settings.toml, and pin it in pocket.lock",
  positionals: [{ name: "SOURCE" }],
  options: OPTIONS,
  notes: [
    "SOURCE is a git URL, with /tree/REF/PATH or without, or the path of a folder. Nothing is changed when it fails.",
  ],
  examples: [
    "pocket add https://github.com/acme/tools/tree/main/weather --var unit=metric",
    "pocket add git@host:acme/tools --ref v1.2.0 --path weather --allow network=api.weather.example",
    "pocket add ./tools/weather --name my_weather",
  ],
  run: addTool,
  render: renderAddedTool,
});

async function addTool(line: CommandLine<typeof OPTIONS>, session: Session): Promise<AddedTool> {
  const { cwd } = session;
  const request = toRequest(line, cwd);
  const [toolVars, granted] = [parseVariables(line.options.var), parseAllow(line.options.allow)];
  const settings = await readSettings({ cwd });
  if (request.options.name !== undefined) await refuseTaken(request.options.name, session);

  const tool = await pinTool(request, session, line.options);
  const name = request.options.name ?? tool.manifest.name;
  await refuseTaken(name, session);
  const values = resolveVariables({
    tool: name,
    declared: tool.manifest.variables,
    code: toolVars,
    settings: settings.toolVars,
  });

  const before = await readSettingsText(cwd);
  const text = setTool(before ?? "", name, toTable(tool, { cwd, toolVars, granted }));
  await withSettings(cwd, { before, text }, async () => {
    await readSettings({ cwd });
    await lockPinned(tool, name, session);
  });
  return describeAdded(tool, { name, cwd, values, granted });
}

function toRequest(
  { positionals: [text = ""], options: { name, ref, path } }: CommandLine<typeof OPTIONS>,
  cwd: string,
): ToolRequest {
  const options = name === undefined ? {} : { name };
  if (parseSource(text, cwd).kind === "git") {
    return fromGit(text, { ...options, ...(ref !== undefined && { ref }), ...(path !== undefined && { path }) });
  }
  const misplaced = ref === undefined ? (path === undefined ? undefined : "--path") : "--ref";
  if (misplaced === undefined) return fromLocal(text.replace(/^local:/u, ""), options);
  throw usageError(`${misplaced} stands with a folder of this machine, ${text}`, "name a git URL, or leave it out");
}

function parseVariables(values: readonly string[]): Readonly<Record<string, string>> {
  const entries = values.map((value) => {
    const [, name, text] = /^([^=]+)=(.*)$/su.exec(value) ?? [];
    if (name !== undefined && text !== undefined) return [name, text] as const;
    throw usageError(`--var ${value} is not of the form NAME=VALUE`, "write for example --var unit=metric");
  });
  return Object.fromEntries(entries);
}

/** Whether the name is free in settings and lock: nothing that is there may be replaced. */
async function refuseTaken(name: string, { cwd }: Session): Promise<void> {
  const { tools, file } = await readSettings({ cwd });
  const locked = (await readLockfile(lockPath(cwd))).tools.find((entry) => entry.name === name);
  if (!tools.has(name) && locked === undefined) return;
  const place = tools.has(name) ? `[tools.${name}] of ${file}` : "pocket.lock, for a program that names it in code";
  throw new PocketError("ERR_POCKET_TOOL_DUPLICATE", `there is a tool "${name}" already: ${place}`, {
    hint: `give this one another name with \`--name ${name}_2\`, or take that one out with \`pocket remove ${name}\``,
    details: { tool: name },
  });
}

interface Wish {
  readonly cwd: string;
  readonly toolVars: Readonly<Record<string, string>>;
  readonly granted: Permissions;
}

/** `[tools.NAME]`, with the place as the lock has it. */
function toTable({ entry, folder }: PinnedTool, { cwd, toolVars, granted }: Wish): TomlTable {
  const allow = Object.fromEntries(listKinds(granted).map(([kind, entries]) => [kind, [...entries]]));
  return {
    ...(folder === undefined ? toGitTarget(entry) : { local: toLocalPath(folder, cwd) }),
    ...(Object.keys(toolVars).length > 0 && { tool_vars: { ...toolVars } }),
    ...(Object.keys(allow).length > 0 && { allow }),
  };
}

function toGitTarget(entry: LockEntry): TomlTable {
  if (entry.source !== "git") return {};
  const { url, ref, path } = entry;
  return { git: url, ...(ref !== "HEAD" && { ref }), ...(path !== "" && { path }) };
}

function toLocalPath(folder: string, cwd: string): string {
  return formatSource({ kind: "local", path: folder }, { cwd }).replace(/^local:/u, "");
}

async function lockPinned({ entry, folder }: PinnedTool, name: string, session: Session): Promise<void> {
  await (folder === undefined ? lockEntry(session.cwd, { ...entry, name }) : lockLocalTool(folder, name, session));
}

interface Described {
  readonly name: string;
  readonly cwd: string;
  readonly values: Readonly<Record<string, string>>;
  readonly granted: Permissions;
}

function describeAdded({ manifest, entry, folder }: PinnedTool, { name, cwd, values, granted }: Described): AddedTool {
  const { description, runtime, permissions: asked, warnings } = manifest;
  const source = folder === undefined && entry.source === "git" ? { ...entry, kind: "git" as const } : undefined;
  return {
    name,
    description,
    runtime,
    source: source === undefined ? `local:${toLocalPath(folder ?? cwd, cwd)}` : formatSource(source),
    ...(source !== undefined && { commit: source.commit }),
    variables: listVariables(manifest, values),
    permissions: { asked, granted, missing: findMissing(asked, granted) },
    warnings,
  };
}

function listVariables({ variables }: Manifest, values: Readonly<Record<string, string>>): AddedTool["variables"] {
  return Object.entries(variables).map(([name, fallback]) => {
    const value = values[name] ?? fallback;
    return { name, value, isDefault: value === fallback };
  });
}
