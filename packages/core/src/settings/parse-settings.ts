/** Turns the tables of settings into settings; every key is checked. */
import { nearestName } from "../nearest.ts";
import { quoteText } from "../tables/describe-value.ts";
import { findForeignKeys } from "../tables/near-miss.ts";
import { openTable, type TableReader } from "../tables/table-reader.ts";
import { readVariables } from "../tables/variables-table.ts";
import { BROWSER_KEYS, HYPERPOCKET_KEYS, SECRET_KEYS, SETTINGS_KEYS } from "./settings-keys.ts";
import type { SettingsLayer } from "./settings-layers.ts";
import type { SecretSource, Settings } from "./settings.ts";
import { readToolSettings } from "./tool-settings.ts";

/** @throws PocketError ERR_POCKET_SETTINGS_INVALID, `details: { file, key, found?, nearest? }` */
export function parseSettings({ table, originOf }: SettingsLayer, file: string): Settings {
  const settings = openTable(table, { code: "ERR_POCKET_SETTINGS_INVALID", fileOf: originOf, path: [] });
  findForeignKeys(settings, [...SETTINGS_KEYS, ...HYPERPOCKET_KEYS]);
  return {
    file,
    tools: readToolSettings(settings),
    toolVars: readVariables(settings, "tool_vars"),
    secrets: readSecrets(settings),
    browser: readBrowser(settings),
  };
}

function readSecrets(settings: TableReader): ReadonlyMap<string, SecretSource> {
  const secrets = settings.optionalTable("secrets");
  return new Map(secrets?.keys.map((name) => [name, readSecret(secrets, name)]));
}

/** Nothing here may put a value into a message: it may be the secret itself. */
function readSecret(secrets: TableReader, name: string): SecretSource {
  const hint = `set the environment variable ${name} and write ${name} = { env = "${name}" }`;
  const value = secrets.value(name);
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Date) {
    throw secrets.fault(name, `the secret ${quoteText(name)} is written in clear`, { hint });
  }
  const source = secrets.optionalTable(name);
  const unknown = source?.keys.find((key) => !SECRET_KEYS.some((known) => known === key));
  if (source !== undefined && unknown !== undefined) {
    const nearest = nearestName(unknown, SECRET_KEYS);
    throw source.fault(unknown, `unknown key ${quoteText(unknown)} of a secret`, { nearest, hint });
  }
  const env = source?.value("env");
  if (typeof env === "string" && /^[A-Za-z_][A-Za-z0-9_]*$/u.test(env)) return { env };
  throw (source ?? secrets).fault("env", '"env" must be the name of an environment variable', { hint });
}

function readBrowser(settings: TableReader): Settings["browser"] {
  const browser = settings.optionalTable("browser");
  browser?.only(BROWSER_KEYS);
  const path = browser?.optionalText("path");
  return path === undefined ? {} : { path };
}
