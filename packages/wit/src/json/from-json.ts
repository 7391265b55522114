/** Makes the values that a component takes out of JSON; whatever does not fit is refused with its place. */
import type { WitFunction } from "../interface.ts";
import { toCamelCase } from "../names.ts";
import { WitRefusal } from "../refusal.ts";
import {
  INTEGER_RANGES,
  type IntegerKind,
  LONG_RANGES,
  type LongKind,
  mayBeNull,
  type WitField,
  type WitType,
} from "../types.ts";
import { readBase64 } from "./base64.ts";
import type { ComponentValue } from "./component-value.ts";

/** What numbers JSON has no form for are written as. */
const NUMBER_WORDS: ReadonlyMap<string, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/**
 * The arguments of a call, in the order of the parameters.
 * @throws WitRefusal `invalid-value`, with the path of what does not fit
 */
export function toArguments({ parameters }: WitFunction, input: unknown): ComponentValue[] {
  const values = readFields(parameters, input, "");
  return parameters.map(({ name }) => values.get(name));
}

/** @throws WitRefusal `invalid-value` */
export function fromJson(type: WitType, value: unknown, path = ""): ComponentValue {
  switch (type.kind) {
    case "bool":
      if (typeof value === "boolean") return value;
      throw refuse(path, "must be true or false");
    case "s8":
    case "u8":
    case "s16":
    case "u16":
    case "s32":
    case "u32":
      return readInteger(type.kind, value, path);
    case "s64":
    case "u64":
      return readLong(type.kind, value, path);
    case "f32":
    case "f64":
      return readFloat(type.kind, value, path);
    case "char":
      if (isText(value) && [...value].length === 1) return value;
      throw refuse(path, "must be one character");
    case "string":
      if (isText(value)) return value;
      throw refuse(path, "must be a string of whole characters");
    case "list":
      return readList(type, value, path);
    case "tuple":
      if (!Array.isArray(value) || value.length !== type.elements.length) {
        throw refuse(path, `must be an array of ${type.elements.length}`);
      }
      return type.elements.map((element, index) => fromJson(element, value[index], `${path}/${index}`));
    case "option":
      return readOption(type.some, value, path);
    case "result":
      return readResult(type, value, path);
    case "record": {
      const values = readFields(type.fields, value, path);
      return Object.fromEntries(Array.from(values, ([name, field]) => [toCamelCase(name), field]));
    }
    case "variant":
      return readVariant(type, value, path);
    case "enum":
      if (typeof value === "string" && type.names.includes(value)) return value;
      throw refuse(path, `must be one of ${type.names.join(", ")}`);
    case "flags":
      return readFlags(type.names, value, path);
    case "unsupported":
      throw refuse(path, `cannot be given: it is ${type.what}`);
  }
}

function readInteger(kind: IntegerKind, value: unknown, path: string): number {
  const [lowest, highest] = INTEGER_RANGES[kind];
  if (typeof value === "number" && Number.isInteger(value) && value >= lowest && value <= highest) return value;
  throw refuse(path, `must be a whole number from ${lowest} to ${highest}`);
}

function readLong(kind: LongKind, value: unknown, path: string): bigint {
  const [lowest, highest] = LONG_RANGES[kind];
  const isLiteral = typeof value === "string" && /^-?\d{1,20}$/u.test(value);
  if (isLiteral || (typeof value === "number" && Number.isSafeInteger(value))) {
    const long = BigInt(value);
    if (long >= lowest && long <= highest) return long;
  }
  throw refuse(
    path,
    `must be a whole number from ${lowest} to ${highest}: above ${Number.MAX_SAFE_INTEGER} as a string`,
  );
}

function readFloat(kind: "f32" | "f64", value: unknown, path: string): number {
  const word = typeof value === "string" ? NUMBER_WORDS.get(value) : undefined;
  if (word !== undefined) return word;
  if (typeof value === "number" && Number.isFinite(kind === "f32" ? Math.fround(value) : value)) return value;
  throw refuse(path, `must be a number of ${kind === "f32" ? "32" : "64"} bits, "NaN", "Infinity" or "-Infinity"`);
}

function readList(
  { element, length }: Extract<WitType, { kind: "list" }>,
  value: unknown,
  path: string,
): ComponentValue {
  const bytes = element.kind === "u8" && typeof value === "string" ? readBase64(value) : undefined;
  if (element.kind === "u8" && typeof value === "string" && bytes === undefined) throw refuse(path, "must be base64");
  const items = bytes ?? value;
  if (!Array.isArray(items) && !(items instanceof Uint8Array)) throw refuse(path, "must be an array");
  if (length !== undefined && items.length !== length) throw refuse(path, `must have ${length} items`);
  if (items instanceof Uint8Array) return items;
  const read = items.map((item, index) => fromJson(element, item, `${path}/${index}`));
  return element.kind === "u8" ? Uint8Array.from(read as number[]) : read;
}

function readOption(some: WitType, value: unknown, path: string): ComponentValue {
  const isTagged = mayBeNull(some);
  if (value === undefined || value === null) return isTagged ? { tag: "none" } : undefined;
  if (!isTagged) return fromJson(some, value, path);
  const object = readObject(value, path, ["some"]);
  if (!Object.hasOwn(object, "some")) throw refuse(path, 'must be null or { "some": … }');
  return { tag: "some", val: fromJson(some, object["some"], `${path}/some`) };
}

function readResult({ ok, err }: Extract<WitType, { kind: "result" }>, value: unknown, path: string): ComponentValue {
  const object = readObject(value, path, ["ok", "err"]);
  const [tag, second] = Object.keys(object);
  if ((tag !== "ok" && tag !== "err") || second !== undefined)
    throw refuse(path, 'must be { "ok": … } or { "err": … }');
  const type = tag === "ok" ? ok : err;
  const payload = object[tag];
  if (type !== undefined) return { tag, val: fromJson(type, payload, `${path}/${tag}`) };
  if (payload === null) return { tag };
  throw refuse(`${path}/${tag}`, "must be null");
}

function readVariant({ cases }: Extract<WitType, { kind: "variant" }>, value: unknown, path: string): ComponentValue {
  const { tag, val } = readObject(value, path, ["tag", "val"]);
  const found = cases.find(({ name }) => name === tag);
  if (found === undefined) throw refuse(`${path}/tag`, `must be one of ${cases.map(({ name }) => name).join(", ")}`);
  if (found.type !== undefined) return { tag, val: fromJson(found.type, val, `${path}/val`) };
  if (val === undefined) return { tag };
  throw refuse(`${path}/val`, `must be left out: ${found.name} holds nothing`);
}

function readFlags(names: readonly string[], value: unknown, path: string): ComponentValue {
  if (!Array.isArray(value)) throw refuse(path, "must be an array of names");
  const unknown = value.findIndex((name) => !names.includes(name));
  if (unknown !== -1) throw refuse(`${path}/${unknown}`, `must be one of ${names.join(", ")}`);
  return Object.fromEntries(names.map((name) => [toCamelCase(name), value.includes(name)]));
}

function readFields(fields: readonly WitField[], value: unknown, path: string): Map<string, ComponentValue> {
  const object = readObject(
    value,
    path,
    fields.map(({ name }) => name),
  );
  return new Map(
    fields.map(({ name, type }) => {
      const given = Object.hasOwn(object, name) ? object[name] : undefined;
      if (given === undefined && type.kind !== "option") throw refuse(join(path, name), "is missing");
      return [name, fromJson(type, given, join(path, name))];
    }),
  );
}

function readObject(value: unknown, path: string, keys: readonly string[]): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw refuse(path, "must be an object");
  const stray = Object.keys(value).find((key) => !keys.includes(key));
  if (stray !== undefined) throw refuse(join(path, stray), "is not known");
  return value as Record<string, unknown>;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.isWellFormed();
}

function join(path: string, key: string): string {
  return `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function refuse(path: string, message: string): WitRefusal {
  return new WitRefusal("invalid-value", message, path);
}
