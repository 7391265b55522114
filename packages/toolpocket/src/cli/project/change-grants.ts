/** Changes what the user grants to a tool, in settings.toml: its comments and all else of it stay. */
import {
  DEFAULT_SETTINGS,
  isJsonObject,
  nearestHint,
  parseToml,
  type Permissions,
  PocketError,
  readSettings,
  setTool,
  type TomlTable,
} from "@toolpocket/core";
import { listKinds } from "./permissions.ts";
import { holdSettings, readSettingsText, withSettings } from "./settings-file.ts";

/**
 * Gives the tool's grants to `change` and writes what it gives back; nothing is written when settings do not take it.
 * @throws PocketError ERR_POCKET_TOOL_UNKNOWN when settings.toml has no such tool; ERR_POCKET_SETTINGS_INVALID
 */
export async function changeGrants(
  cwd: string,
  name: string,
  change: (granted: Permissions) => Permissions,
): Promise<Permissions> {
  return holdSettings(cwd, () => changeHeldGrants(cwd, name, change));
}

async function changeHeldGrants(
  cwd: string,
  name: string,
  change: (granted: Permissions) => Permissions,
): Promise<Permissions> {
  const granted = change(await readGrants(cwd, name));
  const text = await readSettingsText(cwd);
  const table = readTable(text ?? "", name);
  if (text === undefined || table === undefined) {
    throw new PocketError(
      "ERR_POCKET_SETTINGS_WRITE",
      `settings.toml has no [tools.${name}]: another layer defines it`,
      {
        hint: "change its `allow` in .secrets.toml or the POCKET_ variable that defines it",
        details: { tool: name },
      },
    );
  }
  const { allow: _before, ...others } = table;
  const allow = Object.fromEntries(listKinds(granted).map(([kind, entries]) => [kind, [...entries]]));
  const edited = setTool(text, name, { ...others, ...(Object.keys(allow).length > 0 && { allow }) });
  await withSettings(cwd, { before: text, text: edited }, () => readSettings({ cwd }));
  return granted;
}

/** @throws PocketError ERR_POCKET_TOOL_UNKNOWN that names the nearest */
export async function readGrants(cwd: string, name: string): Promise<Permissions> {
  const { tools, file } = await readSettings({ cwd });
  const tool = tools.get(name);
  if (tool !== undefined) return tool.allow;
  const known = [...tools.keys()];
  throw new PocketError("ERR_POCKET_TOOL_UNKNOWN", `${file} has no tool "${name}"${nearestHint(name, known)}`, {
    hint: known.length === 0 ? "add one with `pocket add SOURCE`" : `name one of ${known.join(", ")}`,
    details: { tool: name, known },
  });
}

function readTable(text: string, name: string): TomlTable | undefined {
  const { tools } = parseToml(text, { file: DEFAULT_SETTINGS, code: "ERR_POCKET_SETTINGS_INVALID" });
  if (!isJsonObject(tools) || !Object.hasOwn(tools, name)) return undefined;
  const table: unknown = tools[name];
  return isJsonObject(table) ? { ...(table as TomlTable) } : undefined;
}
