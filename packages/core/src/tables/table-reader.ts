/** Reads a table of a configuration file key by key; each fault names the file, the key and what was found. */
import { PocketError, type PocketErrorCode } from "../errors.ts";
import { nearestHint, nearestName } from "../nearest.ts";
import { isTomlTable } from "../toml.ts";
import { describeValue, quoteText } from "./describe-value.ts";

/** Where a table stands: which file, and the keys that lead to it. */
export interface TablePlace {
  readonly code: PocketErrorCode;
  /** How the file is called that holds the key; settings may come from several. */
  readonly fileOf: (path: readonly string[]) => string;
  readonly path: readonly string[];
}

export interface KeyFault {
  /** An imperative. */
  readonly hint: string;
  readonly found?: unknown;
  /** The valid name that was probably meant. */
  readonly nearest?: string | undefined;
  readonly cause?: unknown;
}

/** Each method throws a PocketError with the place's code and `details: { file, key, found?, nearest? }`. */
export interface TableReader {
  readonly keys: readonly string[];
  /** The value as it is; undefined where there is none. */
  value(key: string): unknown;
  /** Text that is not blank. */
  text(key: string): string;
  optionalText(key: string): string | undefined;
  texts(key: string): readonly string[];
  table(key: string): TableReader;
  optionalTable(key: string): TableReader | undefined;
  /** Refuses every key that is not `known`, naming the nearest. */
  only(known: readonly string[]): void;
  /** The error for a key of this table, to be thrown. */
  fault(key: string, message: string, fault: KeyFault): PocketError;
}

const MAX_FOUND_LENGTH = 200;

/** A reader of `table`, which came from TOML or JSON. */
export function openTable(table: Readonly<Record<string, unknown>>, place: TablePlace): TableReader {
  const value = (key: string): unknown => (Object.hasOwn(table, key) ? table[key] : undefined);
  const pathOf = (key: string): readonly string[] => [...place.path, key];
  const fault = (key: string, message: string, given: KeyFault): PocketError =>
    keyFault({ ...place, path: pathOf(key) }, message, given);
  const wrongType = (key: string, meant: string): PocketError => {
    const found = value(key);
    const hint = found instanceof Date || typeof found === "bigint" ? "write it in quotes" : `write ${meant}`;
    return fault(key, `${quoteText(key)} must be ${meant}, found ${describeValue(found)}`, { found, hint });
  };

  const optionalText = (key: string): string | undefined => {
    const found = value(key);
    if (found === undefined) return undefined;
    if (typeof found !== "string") throw wrongType(key, "text");
    if (found.trim() === "") throw fault(key, `${quoteText(key)} is empty`, { found, hint: "write some text" });
    return found;
  };
  const optionalTable = (key: string): TableReader | undefined => {
    const found = value(key);
    if (found === undefined) return undefined;
    if (!isTomlTable(found)) throw wrongType(key, "a table");
    return openTable(found, { ...place, path: pathOf(key) });
  };
  return {
    keys: Object.keys(table),
    value,
    fault,
    optionalText,
    text: (key) => {
      const found = optionalText(key);
      if (found !== undefined) return found;
      const similar = nearestName(key, Object.keys(table));
      const aside = similar === undefined ? "" : `, but there is ${quoteText(similar)}`;
      throw fault(key, `${quoteText(key)} is missing${aside}`, {
        nearest: similar,
        hint: `add ${quoteText(key)} with some text`,
      });
    },
    texts: (key) => {
      const found = value(key) ?? [];
      if (!Array.isArray(found)) throw wrongType(key, "a list of text");
      return found.map((item: unknown) => {
        if (typeof item === "string") return item;
        throw fault(key, `${quoteText(key)} must be a list of text, found ${describeValue(item)} in it`, {
          found: item,
          hint: "put it in quotes",
        });
      });
    },
    optionalTable,
    table: (key) => {
      const inner = optionalTable(key);
      if (inner !== undefined) return inner;
      throw fault(key, `${quoteText(key)} is missing`, { hint: `add the table ${quoteText(key)}` });
    },
    only: (known) => {
      const unknown = Object.keys(table).find((key) => !known.includes(key));
      if (unknown === undefined) return;
      throw fault(unknown, `unknown key ${quoteText(unknown)}${nearestHint(unknown, known)}`, {
        found: unknown,
        nearest: nearestName(unknown, known),
        hint: `use one of ${known.join(", ")}`,
      });
    },
  };
}

/** The error for a key; `place.path` ends with it. */
function keyFault(place: TablePlace, message: string, { hint, found, nearest, cause }: KeyFault): PocketError {
  const file = place.fileOf(place.path);
  const within = place.path.slice(0, -1);
  return new PocketError(place.code, `${file}: ${within.length > 0 ? `[${keyPath(within)}] ` : ""}${message}`, {
    hint,
    ...(cause !== undefined && { cause }),
    details: {
      file,
      key: keyPath(place.path),
      ...(found !== undefined && {
        found: typeof found === "string" ? found.slice(0, MAX_FOUND_LENGTH) : describeValue(found),
      }),
      ...(nearest !== undefined && { nearest }),
    },
  });
}

/** Keys as TOML writes them: `tools."a.b".git`. */
export function keyPath(path: readonly string[]): string {
  return path.map((key) => (/^[A-Za-z0-9_-]+$/u.test(key) ? key : quoteText(key))).join(".");
}
