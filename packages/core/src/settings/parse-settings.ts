/** Turns the tables of settings into settings; every key is checked. */
import { findForeignKeys } from "../tables/near-miss.ts";
import { openTable, type TableReader } from "../tables/table-reader.ts";
import { readVariables } from "../tables/variables-table.ts";
import { readRegistries } from "./registry-settings.ts";
import { readSecrets } from "./secrets-table.ts";
import { BROWSER_KEYS, HYPERPOCKET_KEYS, PYTHON_KEYS, SETTINGS_KEYS } from "./settings-keys.ts";
import type { SettingsLayer } from "./settings-layers.ts";
import type { Settings } from "./settings.ts";
import { readToolSettings } from "./tool-settings.ts";

/** How the files are called in messages. */
export interface SettingsFiles {
  readonly file: string;
  /** The one in which secrets may stand in clear. */
  readonly secretsFile: string;
}

/** @throws PocketError ERR_POCKET_SETTINGS_INVALID, `details: { file, key, found?, nearest? }` */
export function parseSettings({ table, originOf }: SettingsLayer, { file, secretsFile }: SettingsFiles): Settings {
  const settings = openTable(table, { code: "ERR_POCKET_SETTINGS_INVALID", fileOf: originOf, path: [] });
  findForeignKeys(settings, [...SETTINGS_KEYS, ...HYPERPOCKET_KEYS]);
  return {
    file,
    tools: readToolSettings(settings),
    toolVars: readVariables(settings, "tool_vars"),
    secrets: readSecrets(settings, { secretsFile, originOf }),
    registries: readRegistries(settings),
    browser: readBrowser(settings),
    python: readPython(settings),
  };
}

function readBrowser(settings: TableReader): Settings["browser"] {
  const browser = settings.optionalTable("browser");
  browser?.only(BROWSER_KEYS);
  const path = browser?.optionalText("path");
  return path === undefined ? {} : { path };
}

function readPython(settings: TableReader): Settings["python"] {
  const python = settings.optionalTable("python");
  python?.only(PYTHON_KEYS);
  const index = readAddress(python, "index");
  const distribution = readAddress(python, "distribution");
  return {
    ...(index !== undefined && { index }),
    ...(distribution !== undefined && { distribution }),
    wheels: python?.texts("wheels") ?? [],
  };
}

function readAddress(table: TableReader | undefined, key: string): string | false | undefined {
  return table?.value(key) === false ? false : table?.optionalText(key);
}
