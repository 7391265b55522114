/** Tells which schemas OpenAI's strict mode takes: https://platform.openai.com/docs/guides/structured-outputs */
import { isJsonObject, type JsonObject, type JsonSchema, type JsonValue } from "@toolpocket/core";

/** Bounds of strict mode. */
const MAX_PROPERTIES = 5_000;
const MAX_DEPTH = 10;
const MAX_ENUM_VALUES = 1_000;
const MAX_NAME_CHARACTERS = 120_000;

const TYPES = new Set(["string", "number", "integer", "boolean", "object", "array", "null"]);
const FORMATS = new Set(["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"]);
const KEYWORDS = new Set(
  ["type", "title", "description", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf"]
    .concat(["$ref", "$defs", "pattern", "format", "multipleOf", "minItems", "maxItems"])
    .concat(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]),
);

/**
 * Whether the schema may be sent with `strict: true`: every object closed, every property required, only keywords and
 * sizes that the mode knows. A request with one that is not legal would be refused as a whole, so in doubt it is false.
 */
export function isStrictSchema(schema: JsonSchema): boolean {
  const size = { properties: 0, enumValues: 0, characters: 0 };
  const isLegal = schema["type"] === "object" && schema["anyOf"] === undefined && isStrict(schema, size, 1);
  return (
    isLegal &&
    size.properties <= MAX_PROPERTIES &&
    size.enumValues <= MAX_ENUM_VALUES &&
    size.characters <= MAX_NAME_CHARACTERS
  );
}

interface SchemaSize {
  properties: number;
  enumValues: number;
  characters: number;
}

function isStrict(schema: JsonValue | undefined, size: SchemaSize, depth: number): boolean {
  if (!isJsonObject(schema) || depth > MAX_DEPTH) return false;
  if (!Object.keys(schema).every((key) => KEYWORDS.has(key))) return false;
  const { type, properties, items, anyOf, $defs, format, $ref } = schema;
  if (!isStrictType(type) || ($ref !== undefined && !isLocalReference($ref))) return false;
  if (type === undefined && ["$ref", "anyOf", "enum", "const"].every((key) => schema[key] === undefined)) return false;
  if (format !== undefined && !FORMATS.has(String(format))) return false;
  if (!isStrictEnum(schema, size) || (hasType(type, "object") && !isClosed(schema, size))) return false;
  if (hasType(type, "array") !== (items !== undefined)) return false;
  if (properties !== undefined && !hasType(type, "object")) return false;
  const inner = [...listValues(properties), ...listValues($defs), ...(Array.isArray(anyOf) ? anyOf : [])];
  if (anyOf !== undefined && !Array.isArray(anyOf)) return false;
  return [...inner, ...(items === undefined ? [] : [items])].every((part) => isStrict(part, size, depth + 1));
}

/** Strict mode lets no property be left out: an object that has optional ones is not for it. */
function isClosed({ properties = {}, required = [], additionalProperties }: JsonObject, size: SchemaSize): boolean {
  if (additionalProperties !== false || !isJsonObject(properties) || !Array.isArray(required)) return false;
  const names = Object.keys(properties);
  size.properties += names.length;
  size.characters += names.join("").length;
  return required.length === names.length && names.every((name) => required.includes(name));
}

function isStrictEnum({ enum: values = [], const: constant }: JsonObject, size: SchemaSize): boolean {
  if (!Array.isArray(values)) return false;
  size.enumValues += values.length;
  size.characters += [...values, constant ?? ""].join("").length;
  return true;
}

function isStrictType(type: JsonValue | undefined): boolean {
  if (type === undefined) return true;
  const types = Array.isArray(type) ? type : [type];
  return types.length > 0 && types.every((name) => typeof name === "string" && TYPES.has(name));
}

function hasType(type: JsonValue | undefined, name: string): boolean {
  return Array.isArray(type) ? type.includes(name) : type === name;
}

function isLocalReference(reference: JsonValue): boolean {
  return typeof reference === "string" && /^#(?:\/\$defs\/[^/]+)?$/u.test(reference);
}

function listValues(schemas: JsonValue | undefined): JsonValue[] {
  return schemas === undefined ? [] : isJsonObject(schemas) ? Object.values(schemas) : [schemas];
}
