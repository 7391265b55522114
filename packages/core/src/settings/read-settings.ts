/** Reads the settings of an agent from its files and the environment. */
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { PocketError } from "../errors.ts";
import { parseToml, type TomlTable } from "../toml.ts";
import { readEnvironmentLayer, type Environment } from "./environment-layer.ts";
import { parseSettings } from "./parse-settings.ts";
import { overlaySettings, type SettingsLayer } from "./settings-layers.ts";
import type { Settings } from "./settings.ts";

export const DEFAULT_SETTINGS = "settings.toml";
/** Stands beside the settings file, and is to be kept out of version control. */
export const SECRETS_FILE = ".secrets.toml";

export interface ReadSettingsOptions {
  readonly cwd: string;
  /** Path of the settings file, relative to `cwd`; one that is named must exist. @defaultValue "settings.toml" */
  readonly settings?: string;
  /** @defaultValue process.env */
  readonly environment?: Environment;
}

/**
 * The settings: for each key the environment wins over .secrets.toml, and that over the settings file. Tables are
 * merged, other values replaced.
 * @throws PocketError ERR_POCKET_SETTINGS_INVALID, `details: { file, key, found?, nearest? }`, or `{ file, line, column }`
 * where a file is not TOML.
 */
export async function readSettings(options: ReadSettingsOptions): Promise<Settings> {
  const file = options.settings ?? DEFAULT_SETTINGS;
  const path = resolve(options.cwd, file);
  const settings = readFileLayer(path, file, { isRequired: options.settings !== undefined });
  const secrets = readFileLayer(join(dirname(path), SECRETS_FILE), SECRETS_FILE, { isRequired: false });
  const files = overlaySettings(settings, secrets);
  const environment = readEnvironmentLayer(options.environment ?? process.env, files.table);
  return parseSettings(overlaySettings(files, environment), { file, secretsFile: SECRETS_FILE });
}

function readFileLayer(path: string, file: string, { isRequired }: { isRequired: boolean }): SettingsLayer {
  const table = readTable(path, file);
  if (table === undefined && isRequired) {
    throw new PocketError("ERR_POCKET_SETTINGS_INVALID", `there is no settings file at ${path}`, {
      hint: "name a file that exists, or create one with `pocket init`",
      details: { file },
    });
  }
  return { table: table ?? {}, originOf: () => file };
}

/** Synchronous: through promises two small files take as long as fifty. */
function readTable(path: string, file: string): TomlTable | undefined {
  try {
    return parseToml(readFileSync(path, "utf8"), { file, code: "ERR_POCKET_SETTINGS_INVALID" });
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    if ("code" in error && error.code === "ENOENT") return undefined;
    throw new PocketError("ERR_POCKET_SETTINGS_INVALID", `${path} cannot be read: ${error.message}`, {
      hint: "make it a file that you may read",
      details: { file },
      cause: error,
    });
  }
}
