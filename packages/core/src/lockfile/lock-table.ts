/** One table of a lockfile while it is read: each field checked, each fault told with its line. */
import { isJsonObject, type JsonObject } from "../json.ts";
import { PocketError } from "../errors.ts";
import { nearestHint } from "../nearest.ts";
import type { Permissions } from "../permissions.ts";

const INVALID_HINT = "restore the file from version control, or delete it and run `pocket lock sync`";

/** The file that is read: its name for messages, its text for line numbers. */
export interface LockText {
  readonly file: string;
  readonly text: string;
  /** The rule that a text was found to keep: one URL stands in many tables. */
  readonly sound: Map<string, TextRule>;
}

/** What a text must be like, and the words for it. */
export interface TextRule {
  readonly means: string;
  readonly holds: (text: string) => boolean;
}

export interface LockTable {
  /** @throws PocketError ERR_POCKET_LOCK_INVALID, as every other reader here, when the table has another key. */
  only(keys: readonly string[]): void;
  text(key: string, rule: TextRule): string;
  /** `fallback` where the key is absent. */
  optionalText<T>(key: string, rule: TextRule, fallback: T): string | T;
  texts(key: string, rule: TextRule): readonly string[];
  permissions(key: string): Permissions;
  fault(key: string | undefined, message: string): PocketError;
}

/** The table `[[name]]` number `index` of the file. */
export function openLockTable(lock: LockText, name: string, index: number, value: unknown): LockTable {
  const fault = (key: string | undefined, message: string): PocketError =>
    lockFault(lock, findLine(lock.text, name, index, key), message, key);
  if (!isJsonObject(value)) throw fault(undefined, `"${name}" is not an array of tables`);

  const text = (key: string, rule: TextRule): string => {
    const field = value[key];
    if (field === undefined) throw fault(undefined, `[[${name}]] has no "${key}"`);
    if (typeof field === "string" && lock.sound.get(field) === rule) return field;
    const sound = checkText(field, rule, (message) => fault(key, `"${key}" ${message}`));
    lock.sound.set(sound, rule);
    return sound;
  };
  const texts = (owner: JsonObject, key: string, rule: TextRule): readonly string[] => {
    const field = owner[key] ?? [];
    if (!Array.isArray(field)) throw fault(key, `"${key}" is not an array of strings`);
    return field.map((item) => checkText(item, rule, (message) => fault(key, `an item of "${key}" ${message}`)));
  };
  const only = (owner: JsonObject, keys: readonly string[]): void => {
    const unknown = Object.keys(owner).find((key) => !keys.includes(key));
    if (unknown !== undefined) throw fault(unknown, `unknown key "${unknown}"${nearestHint(unknown, keys)}`);
  };
  return {
    fault,
    text,
    only: (keys) => only(value, keys),
    optionalText: (key, rule, fallback) => (value[key] === undefined ? fallback : text(key, rule)),
    texts: (key, rule) => texts(value, key, rule),
    permissions: (key) => {
      const field = value[key] ?? {};
      if (!isJsonObject(field)) throw fault(key, `"${key}" is not a table`);
      const lists = ["network", "env", "storage"] as const;
      only(field, lists);
      const present = lists.filter((list) => field[list] !== undefined);
      return Object.fromEntries(present.map((list) => [list, texts(field, list, PRINTABLE)]));
    },
  };
}

const PRINTABLE: TextRule = { means: "text without control characters", holds: (text) => !/\p{Cc}/u.test(text) };

function checkText(field: unknown, rule: TextRule, fault: (message: string) => PocketError): string {
  if (typeof field !== "string") throw fault(`is not a string but ${Array.isArray(field) ? "an array" : typeof field}`);
  if (!rule.holds(field)) throw fault(`is not ${rule.means}: ${JSON.stringify(field)}`);
  return field;
}

/** The error of a lockfile that cannot be used, with the line where it went wrong. */
export function lockFault(lock: LockText, line: number, message: string, key?: string, cause?: unknown): PocketError {
  return new PocketError("ERR_POCKET_LOCK_INVALID", `${lock.file}:${line}: ${message}`, {
    hint: INVALID_HINT,
    details: { file: lock.file, line, ...(key !== undefined && { key }) },
    cause,
  });
}

/** Line of the key in the table, else of the table, counted from 1: the parser tells no places of values. */
function findLine(text: string, table: string, index: number, key: string | undefined): number {
  const lines = text.split("\n");
  const isHeader = (line: string): boolean => /^\s*\[/u.test(line);
  let seen = -1;
  const start = lines.findIndex((line) => line.replaceAll(/\s/gu, "").startsWith(`[[${table}]]`) && ++seen === index);
  if (start === -1) return 1;
  const length = lines.slice(start + 1).findIndex(isHeader);
  const body = lines.slice(start + 1, length === -1 ? undefined : start + 1 + length);
  const offset = key === undefined ? -1 : body.findIndex((line) => line.includes(key) && line.includes("="));
  return start + 1 + (offset === -1 ? 0 : offset + 1);
}
