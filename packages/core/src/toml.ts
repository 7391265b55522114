/** Parses TOML that may be hostile into plain values, with the place of each fault. */
import { createRequire } from "node:module";
import type * as Toml from "@iarna/toml";
import { readPlainToml } from "./plain-toml.ts";
import { positionAt } from "./text-position.ts";
import { lowerFirst, syntaxError, type TextOrigin } from "./toml-fault.ts";
import { findKeyNode, parseTomlTree } from "./toml-tree.ts";

/** A bigint stands for an integer outside of the safe range: its digits are lost, so whoever meets one refuses it. */
export type TomlValue = string | number | boolean | bigint | Date | TomlValue[] | TomlTable;
export interface TomlTable {
  [key: string]: TomlValue;
}

const require = createRequire(import.meta.url);

/** Whether `value` is a table: not a list, not a date. */
export function isTomlTable(value: unknown): value is TomlTable {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/**
 * The table that `text` holds, as plain objects. A byte order mark at its start is skipped, and lines may end in CRLF.
 * @throws PocketError with `origin.code`, `details: { file, line, column }`, when it is not TOML or has a key such as
 * `__proto__` or `constructor`.
 */
export function parseToml(text: string, origin: TextOrigin): TomlTable {
  // In a comment, @iarna/toml takes the CR of a CRLF for a control character.
  const content = text.replace(/^\uFEFF/u, "").replaceAll("\r\n", "\n");
  return readPlainToml(content) ?? parseAny(content, origin);
}

function parseAny(content: string, origin: TextOrigin): TomlTable {
  try {
    refuseInheritedKeys(content, origin);
    // Loaded here: most files are plain, and the parser takes longer to load than they to read.
    const { parse } = require("@iarna/toml") as typeof Toml;
    return toPlainTable(parse(content));
  } catch (error) {
    if (isTomlError(error)) {
      // `pos` counts from 1; `line` and `col` disagree with it in the first line.
      throw syntaxError(origin, { ...positionAt(content, error.pos - 1), reason: reasonOf(error), cause: error });
    }
    if (!(error instanceof RangeError)) throw error;
    throw syntaxError(origin, { line: 1, column: 1, reason: "it is nested too deeply", cause: error });
  }
}

const INHERITED_NAMES = new Set(Object.getOwnPropertyNames(Object.prototype));
const MAY_HOLD_INHERITED_NAME = new RegExp([...INHERITED_NAMES, String.raw`\\[uU]`].join("|"), "u");

/**
 * @iarna/toml takes a table named like a member of Object.prototype for that member and writes into it, which changes
 * the host's own objects. So the keys of a text that could hold such a name are checked on its syntax tree first.
 */
function refuseInheritedKeys(text: string, origin: TextOrigin): void {
  if (!MAY_HOLD_INHERITED_NAME.test(text)) return;
  const found = findKeyNode(parseTomlTree(text, origin), (name) => INHERITED_NAMES.has(name));
  if (found === undefined) return;
  const { line, column } = found.position;
  throw syntaxError(origin, { line, column, reason: `the key "${found.name}" is not allowed` });
}

interface TomlError extends Error {
  pos: number;
}

function isTomlError(error: unknown): error is TomlError {
  return error instanceof Error && "fromTOML" in error && "pos" in error;
}

/** The library's message ends with the place and an excerpt of several lines; the place is told by us. */
function reasonOf(error: TomlError): string {
  const [first = ""] = error.message.split("\n", 1);
  return lowerFirst(first.replace(/ at row \d+, col \d+, pos \d+:?$/u, ""));
}

/** A copy that is made of plain objects, without a parser's own symbols on them. */
export function toPlainTable(table: object): TomlTable {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, toPlainValue(value)]));
}

function toPlainValue(value: TomlValue): TomlValue {
  if (Array.isArray(value)) return value.map(toPlainValue);
  return isTomlTable(value) ? toPlainTable(value) : value;
}
