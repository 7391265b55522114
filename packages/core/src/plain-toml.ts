/**
 * Reads TOML as `pocket.lock` and most people write it: a field on each line, strings without escapes. A parser takes ten
 * times as long, and a Pocket of fifty tools reads fifty-two files before it can call one.
 */
import type { TomlTable, TomlValue } from "./toml.ts";

/** Escapes, and what a string may not hold. Without them, text between quotes is what it says. */
const NOT_PLAIN = /[\\\p{Cc}\p{Cs}]/u;
const FIELD = /^(?<key>[\w-]+) *= *(?<value>"[^"]*"|\[.*\]|\{.*\}|[\w-]+) *(?:#.*)?$/u;
const TABLE_HEADER = /^\[(?<path>[\w-]+(?:\.[\w-]+){0,9})\] *(?:#.*)?$/u;
const LIST_HEADER = /^\[\[(?<name>[\w-]+)\]\] *(?:#.*)?$/u;

const STRING = /^"[^"]*"$/u;
const INTEGER = /^(?:0|-?[1-9]\d{0,14})$/u;
const LIST_PATTERN = String.raw`\["[^"]*"(?:, "[^"]*")*\]`;
const LIST = new RegExp(`^${LIST_PATTERN}$`, "u");
const LISTS = new RegExp(String.raw`^\{ [\w-]+ = ${LIST_PATTERN}(?:, [\w-]+ = ${LIST_PATTERN})* \}$`, "u");
const NAMED_LIST = new RegExp(String.raw`[{,] (?<key>[\w-]+) = (?<list>${LIST_PATTERN})`, "gu");

/** What a TOML parser gives for `text`; undefined where it is a fault, or written in any other way: a parser tells then. */
export function readPlainToml(text: string): TomlTable | undefined {
  const root: TomlTable = {};
  const openTable = createTableOpener(root);
  let table = root;
  for (const line of text.split("\n")) {
    if (NOT_PLAIN.test(line)) return undefined;
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("[")) {
      const opened = openTable(line);
      if (opened === undefined) return undefined;
      table = opened;
    } else if (!readField(table, line)) return undefined;
  }
  return root;
}

/** Gives the table that a header opens; undefined where only a parser knows whether it may. */
function createTableOpener(root: TomlTable): (header: string) => TomlTable | undefined {
  /** The tables that headers made: no others may get tables of their own. */
  const made = new Set<TomlValue>([root]);
  const lists = new Map<string, TomlTable[]>();

  function enter(table: TomlTable, key: string): TomlTable | undefined {
    const found = table[key];
    if (found === undefined) return add(table, key);
    return made.has(found) ? (found as TomlTable) : undefined;
  }

  function add(table: TomlTable, key: string): TomlTable {
    const added: TomlTable = {};
    made.add(added);
    table[key] = added;
    return added;
  }

  function openPath(path: readonly string[]): TomlTable | undefined {
    let table: TomlTable | undefined = root;
    for (const key of path.slice(0, -1)) table &&= enter(table, key);
    const last = path.at(-1);
    return table === undefined || last === undefined || last in table ? undefined : add(table, last);
  }

  function openListed(name: string): TomlTable | undefined {
    let list = lists.get(name);
    if (list === undefined) {
      if (name in root) return undefined;
      list = [];
      lists.set(name, list);
      root[name] = list;
    }
    const table: TomlTable = {};
    list.push(table);
    return table;
  }

  return (header) => {
    const path = TABLE_HEADER.exec(header)?.groups?.["path"];
    if (path !== undefined) return openPath(path.split("."));
    const name = LIST_HEADER.exec(header)?.groups?.["name"];
    return name === undefined ? undefined : openListed(name);
  };
}

/** Adds the field of a line; false where the table has one of its name, or only a parser knows what it says. */
function readField(table: TomlTable, line: string): boolean {
  const { key, value } = FIELD.exec(line)?.groups ?? {};
  // Every table has the members of Object.prototype, whose names no key may have.
  if (key === undefined || value === undefined || key in table) return false;
  const read = readValue(value);
  if (read === undefined) return false;
  table[key] = read;
  return true;
}

function readValue(text: string): TomlValue | undefined {
  if (STRING.test(text)) return text.slice(1, -1);
  if (LIST.test(text)) return readList(text);
  if (INTEGER.test(text)) return Number(text);
  if (text === "true" || text === "false") return text === "true";
  return LISTS.test(text) ? readLists(text) : undefined;
}

function readList(text: string): string[] {
  return text.slice(2, -2).split('", "');
}

function readLists(text: string): TomlTable | undefined {
  const lists: TomlTable = {};
  for (const { groups: { key = "", list = "" } = {} } of text.matchAll(NAMED_LIST)) {
    if (key in lists) return undefined;
    lists[key] = readList(list);
  }
  return lists;
}
