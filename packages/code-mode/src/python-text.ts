/** Text as Python source: literals and docstrings that mean what they say, whatever stands in them. */
import type { JsonValue } from "@toolpocket/core";

/** A string literal. JSON's escapes are Python's, but for surrogate pairs, which are written as they are. */
export function toStringLiteral(text: string): string {
  return escapeLone(JSON.stringify(text));
}

/** A literal of any JSON value. */
export function toLiteral(value: JsonValue): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "None";
  if (typeof value === "string") return toStringLiteral(value);
  if (Array.isArray(value)) return `[${value.map(toLiteral).join(", ")}]`;
  return `{${Object.entries(value)
    .map(([key, member]) => `${toStringLiteral(key)}: ${toLiteral(member)}`)
    .join(", ")}}`;
}

/** What may not stand in source: control characters but for the tab and the line's end. */
const CONTROLS = /[^\P{Cc}\t\n\u0080-\u009f]/gu;

/** A docstring at `indent`: backslashes, quotes and control characters in the text end or change nothing. */
export function toDocstring(text: string, indent: string): string {
  const lines = text
    // The compiler writes docstrings as UTF-8, which has no surrogates that stand alone.
    .toWellFormed()
    .replaceAll(/\r\n?/gu, "\n")
    .replaceAll("\\", "\\\\")
    .replaceAll('"""', '\\"\\"\\"')
    .replaceAll(CONTROLS, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`)
    .trim()
    .split("\n")
    .map((line) => line.trimEnd());
  const [first = "", ...rest] = lines;
  if (rest.length === 0 && !/["\\]$/u.test(first)) return `${indent}"""${first}"""`;
  return [`${indent}"""${first}`, ...rest.map((line) => (line === "" ? "" : `${indent}${line}`)), `${indent}"""`].join(
    "\n",
  );
}

/** A surrogate that stands alone cannot be written as UTF-8. */
function escapeLone(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
}
