/** Text as Python source: literals and docstrings that mean what they say, whatever stands in them. */
import { hasInvisible, type JsonValue, showInvisible } from "@toolpocket/core";

/** A string literal; what a reader would not see in it is escaped. JSON's escapes are Python's. */
export function toStringLiteral(text: string): string {
  const literal = JSON.stringify(text);
  return hasInvisible(literal)
    ? Array.from(literal, (char) => (hasInvisible(char) ? escape(char) : char)).join("")
    : literal;
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

/** A docstring at `indent`: backslashes and quotes in the text end or change nothing, and nothing in it is invisible. */
export function toDocstring(text: string, indent: string): string {
  const lines = showInvisible(text.replaceAll(/\r\n?/gu, "\n"))
    .replaceAll("\\", "\\\\")
    .replaceAll('"""', '\\"\\"\\"')
    .trim()
    .split("\n")
    .map((line) => line.trimEnd());
  const [first = "", ...rest] = lines;
  if (rest.length === 0 && !/["\\]$/u.test(first)) return `${indent}"""${first}"""`;
  return [`${indent}"""${first}`, ...rest.map((line) => (line === "" ? "" : `${indent}${line}`)), `${indent}"""`].join(
    "\n",
  );
}

function escape(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\U${code.padStart(8, "0")}` : `\\u${code.padStart(4, "0")}`;
}
