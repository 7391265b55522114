/** Lays settings from several places over each other, and remembers where each key came from. */
import { isTomlTable, type TomlTable, type TomlValue } from "../toml.ts";

/** The settings of one place, for example of a file. */
export interface SettingsLayer {
  readonly table: TomlTable;
  /** How the place of a key is called in messages. */
  readonly originOf: (path: readonly string[]) => string;
}

/** Tables are merged key by key; of anything else the upper layer's value holds. */
export function overlaySettings(lower: SettingsLayer, upper: SettingsLayer): SettingsLayer {
  return {
    table: mergeTables(lower.table, upper.table),
    originOf: (path) => (holdsKey(upper.table, path) ? upper : lower).originOf(path),
  };
}

function mergeTables(lower: TomlTable, upper: TomlTable): TomlTable {
  const merged = new Map<string, TomlValue>(Object.entries(lower));
  for (const [key, value] of Object.entries(upper)) {
    const below = merged.get(key);
    merged.set(key, isTomlTable(below) && isTomlTable(value) ? mergeTables(below, value) : value);
  }
  return Object.fromEntries(merged);
}

function holdsKey(table: TomlTable, path: readonly string[]): boolean {
  let value: TomlValue | undefined = table;
  for (const key of path) {
    if (!isTomlTable(value) || !Object.hasOwn(value, key)) return false;
    value = value[key];
  }
  return true;
}
