/** Reads settings out of the environment: `POCKET_TOOL_VARS__unit=metric` is `unit` in `[tool_vars]`. */
import { isPocketError } from "../errors.ts";
import { isTomlTable, parseToml, type TomlTable, type TomlValue } from "../toml.ts";
import { settingsPlace } from "./settings-keys.ts";
import type { SettingsLayer } from "./settings-layers.ts";

const PREFIX = "POCKET_";

/** Variables of the host's environment; undefined ones are not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface EnvironmentSetting {
  readonly variable: string;
  readonly path: readonly string[];
  readonly value: TomlValue;
}

/**
 * The layer of all `POCKET_…` variables whose rest has a `__`, which parts keys; others, such as POCKET_HOME, mean
 * something else. A key is matched with those of `files` and those that settings know, upper and lower case and "-"
 * and "_" being alike; the name of a tool or variable that matches none is taken as it is written.
 */
export function readEnvironmentLayer(environment: Environment, files: TomlTable): SettingsLayer {
  const settings = Object.entries(environment).flatMap(([variable, text]) =>
    text === undefined ? [] : readVariable(variable, text, files),
  );
  const table: TomlTable = {};
  for (const { path, value } of settings) place(table, path, value);
  return {
    table,
    originOf: (path) => {
      const setting = settings.find((one) =>
        one.path.every((key, index) => index >= path.length || path[index] === key),
      );
      return `the environment variable ${setting?.variable ?? `${PREFIX}${path.join("__").toUpperCase()}`}`;
    },
  };
}

function readVariable(variable: string, text: string, files: TomlTable): readonly EnvironmentSetting[] {
  if (!variable.toUpperCase().startsWith(PREFIX)) return [];
  const segments = variable.slice(PREFIX.length).split("__");
  if (segments.length < 2 || segments[0] === "") return [];
  const path = matchSegments(segments, files);
  return [{ variable, path, value: readValue(path, text) }];
}

function matchSegments(segments: readonly string[], files: TomlTable): readonly string[] {
  const path: string[] = [];
  let table: TomlValue | undefined = files;
  for (const [index, segment] of segments.entries()) {
    const expected = settingsPlace(path);
    const written: readonly string[] = isTomlTable(table) ? Object.keys(table) : [];
    if (expected.kind === "variables") {
      const name = segments.slice(index).join("__");
      return [...path, findAlike(name, written) ?? name];
    }
    const known = expected.kind === "keys" ? expected.keys : [];
    const fallback = expected.kind === "keys" ? segment.toLowerCase() : segment;
    const key: string = findAlike(segment, [...written, ...known]) ?? fallback;
    path.push(key);
    table = isTomlTable(table) && Object.hasOwn(table, key) ? table[key] : undefined;
  }
  return path;
}

function findAlike(segment: string, keys: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll("-", "_");
  return keys.find((key) => key === segment) ?? keys.find((key) => plain(key) === plain(segment));
}

/** Text where text is meant; elsewhere what TOML takes it for, so that a list is written `["a", "b"]`. */
function readValue(path: readonly string[], text: string): TomlValue {
  if (settingsPlace(path.slice(0, -1)).kind === "variables" || settingsPlace(path).kind === "text") return text;
  try {
    const { value } = parseToml(`value = ${text}`, { file: "environment", code: "ERR_POCKET_SETTINGS_INVALID" });
    return value ?? text;
  } catch (error) {
    if (!isPocketError(error)) throw error;
    return text;
  }
}

/** Where two variables spell one key, the later one wins. */
function place(root: TomlTable, path: readonly string[], value: TomlValue): void {
  let table = root;
  for (const key of path.slice(0, -1)) {
    const inner = Object.hasOwn(table, key) ? table[key] : undefined;
    const next: TomlTable = isTomlTable(inner) ? inner : {};
    define(table, key, next);
    table = next;
  }
  define(table, path.at(-1) ?? "", value);
}

/** An own property, also for "__proto__". */
function define(table: TomlTable, key: string, value: TomlValue): void {
  Object.defineProperty(table, key, { value, enumerable: true, configurable: true, writable: true });
}
