/** Writes TOML keys and values on one line. */
import { isTomlTable, type TomlTable, type TomlValue } from "../toml.ts";

/** The value as it stands behind `=`, a table as an inline table. */
export function renderValue(value: TomlValue): string {
  if (typeof value === "string") return renderText(value);
  if (typeof value === "number") return renderNumber(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `[${value.map(renderValue).join(", ")}]`;
  if (!isTomlTable(value)) return String(value);
  const members = Object.entries(value).map(([key, member]) => renderAssignment(key, member));
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

export function renderAssignment(key: string, value: TomlValue): string {
  return `${renderKey(key)} = ${renderValue(value)}`;
}

/** The lines of a section with one assignment for each key of `table`. */
export function renderSection(path: readonly string[], table: TomlTable): readonly string[] {
  const header = `[${path.map(renderKey).join(".")}]`;
  return [header, ...Object.entries(table).map(([key, value]) => renderAssignment(key, value))];
}

function renderKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/u.test(key) ? key : renderText(key);
}

/** JSON's escapes are TOML's too; DEL is the one character that only TOML wants escaped. */
function renderText(text: string): string {
  return JSON.stringify(text).replaceAll("\u007F", String.raw`\u007F`);
}

function renderNumber(value: number): string {
  if (Number.isNaN(value)) return "nan";
  return Number.isFinite(value) ? String(value) : value > 0 ? "inf" : "-inf";
}
