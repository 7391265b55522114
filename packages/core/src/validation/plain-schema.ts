/** Plain schemas: those that can be seen to be sound without ajv, which takes a fifth of a second to load and to make ready. */
import { isJsonObject, type JsonObject, type JsonSchema, type JsonValue } from "../json.ts";

/**
 * Whether `schema` is made of common keywords alone, each with a value of its kind: then its meta-schema has nothing
 * against it in any dialect, it compiles, and it holds no pattern and no reference. Of any other schema it says nothing.
 */
export function isPlainSchema({ $schema: _dialect, ...schema }: JsonSchema): boolean {
  return isPlain(schema);
}

function isPlain(value: JsonValue): boolean {
  if (typeof value === "boolean") return true;
  return isJsonObject(value) && Object.entries(value).every(([key, member]) => VALUES.get(key)?.(member) ?? false);
}

const TYPES = new Set<JsonValue>(["array", "boolean", "integer", "null", "number", "object", "string"]);

const isText = (value: JsonValue): boolean => typeof value === "string";
const isFlag = (value: JsonValue): boolean => typeof value === "boolean";
// JSON's 1e999 is no number that a schema may name.
const isNumber = (value: JsonValue): boolean => Number.isFinite(value);
const isCount = (value: JsonValue): boolean => Number.isInteger(value) && Number(value) >= 0;
const isAnything = (): boolean => true;
const isType = (value: JsonValue): boolean =>
  TYPES.has(value) || (isFilledList(value) && isUnique(value) && value.every((type) => TYPES.has(type)));
const isPlainList = (value: JsonValue): boolean => isFilledList(value) && value.every(isPlain);
const isPlainTable = (value: JsonValue): boolean =>
  isJsonObject(value) && Object.values(value as JsonObject).every(isPlain);

/** What each keyword may hold. */
const VALUES: ReadonlyMap<string, (value: JsonValue) => boolean> = new Map([
  ["type", isType],
  ["enum", (value) => isFilledList(value) && value.every(isScalar) && isUnique(value)],
  ["const", isScalar],
  ["default", isAnything],
  ["examples", (value) => Array.isArray(value)],
  ...entries(["title", "description", "format", "$comment"], isText),
  ...entries(["deprecated", "readOnly", "writeOnly", "uniqueItems"], isFlag),
  ...entries(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"], isNumber),
  ["multipleOf", (value) => isNumber(value) && Number(value) > 0],
  ...entries(["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"], isCount),
  ["required", (value) => Array.isArray(value) && value.every(isText) && isUnique(value)],
  ["properties", isPlainTable],
  ...entries(["items", "additionalProperties", "not"], isPlain),
  ...entries(["allOf", "anyOf", "oneOf"], isPlainList),
]);

function entries(
  keys: readonly string[],
  holds: (value: JsonValue) => boolean,
): (readonly [string, (value: JsonValue) => boolean])[] {
  return keys.map((key) => [key, holds] as const);
}

function isFilledList(value: JsonValue): value is JsonValue[] {
  return Array.isArray(value) && value.length > 0;
}

function isScalar(value: JsonValue): boolean {
  return typeof value !== "object" || value === null;
}

function isUnique(values: readonly JsonValue[]): boolean {
  return new Set(values).size === values.length;
}
