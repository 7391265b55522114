/** Checks that what a stranger calls a schema is one, and one that is safe to compile. */
import type { ErrorObject } from "ajv";
import { PocketError } from "../errors.ts";
import { isJsonObject, type JsonSchema, type JsonValue } from "../json.ts";
import { nearestHint, nearestName } from "../nearest.ts";
import { describeValue } from "../tables/describe-value.ts";
import { toFaults } from "./ajv-faults.ts";
import { COMPILE_TIMEOUT_MS, compileSchema, DATA_KEYWORDS } from "./compile-schema.ts";
import { dialectOf, DIALECTS, forgetMetaAjv, metaAjv } from "./dialect.ts";
import { pointerTo } from "./json-pointer.ts";
import { isPattern } from "./linear-pattern.ts";
import { isPlainSchema } from "./plain-schema.ts";
import { runWithinTime, TimeLimitError } from "./time-limit.ts";

/** Length of a schema as JSON text, in bytes. */
export const MAX_SCHEMA_BYTES = 262_144;
/** Levels of lists and objects inside each other. */
const MAX_SCHEMA_DEPTH = 64;

/** Where the schema stands: the file, and the key in it, "" where the file is the schema. */
export interface SchemaPlace {
  readonly file: string;
  readonly key: string;
}

/**
 * The schema, with `type: "object"` where it names no type: models and protocols ask for it.
 * @throws PocketError ERR_POCKET_MANIFEST_INVALID, `details: { file, key }`, when `schema` is no JSON Schema of an
 * object in draft 2020-12, 2019-09 or 7, is too large or too deep, or refers to something outside of itself.
 */
export function checkInputSchema(schema: unknown, place: SchemaPlace): JsonSchema {
  if (!isJsonObject(schema)) {
    throw schemaError(place, "", `must be a JSON object, found ${describeValue(schema)}`, {
      hint: 'write {"type": "object", "properties": {…}}',
    });
  }
  checkForm(schema, place);
  const objectSchema = requireObjectType(schema, place);
  checkMeaning(objectSchema, place);
  return objectSchema;
}

/**
 * The same for the schema of what a tool gives, which may be of any type.
 * @throws PocketError ERR_POCKET_MANIFEST_INVALID
 */
export function checkOutputSchema(schema: JsonSchema, place: SchemaPlace): JsonSchema {
  checkForm(schema, place);
  checkMeaning(schema, place);
  return schema;
}

function checkForm(schema: JsonSchema, place: SchemaPlace): void {
  checkBounds(schema, place);
  checkDialect(schema, place);
}

function checkMeaning(schema: JsonSchema, place: SchemaPlace): void {
  if (isPlainSchema(schema)) return;
  checkAgainstMetaSchema(schema, place);
  checkPatterns(schema, [], place);
  checkCompiles(schema, place);
}

function checkBounds(schema: JsonSchema, place: SchemaPlace): void {
  checkDepth(schema, [], place);
  if (Buffer.byteLength(JSON.stringify(schema)) > MAX_SCHEMA_BYTES) {
    throw schemaError(place, "", `is larger than ${MAX_SCHEMA_BYTES} bytes`, { hint: "make the schema smaller" });
  }
}

function checkDepth(value: JsonValue, path: readonly string[], place: SchemaPlace): void {
  if (typeof value !== "object" || value === null) return;
  if (path.length > MAX_SCHEMA_DEPTH) {
    throw schemaError(place, "", `is nested deeper than ${MAX_SCHEMA_DEPTH} levels`, {
      hint: "make the schema flatter",
    });
  }
  for (const [key, member] of Object.entries(value)) {
    if (key === "__proto__") {
      throw schemaError(place, pointerTo([...path, key]), "is a key that is not allowed", { hint: "remove the key" });
    }
    checkDepth(member, [...path, key], place);
  }
}

function checkDialect(schema: JsonSchema, place: SchemaPlace): void {
  if (dialectOf(schema) !== undefined) return;
  throw schemaError(place, "/$schema", `is ${describeValue(schema["$schema"])}, which is not understood`, {
    hint: `use JSON Schema ${DIALECTS.join(", ")}, or leave $schema out`,
  });
}

function requireObjectType(schema: JsonSchema, place: SchemaPlace): JsonSchema {
  const type = schema["type"];
  if (type === undefined || type === "object") return withObjectType(schema);
  const nearest = typeof type === "string" ? nearestHint(type, ["object"]) : "";
  throw schemaError(place, "/type", `must be "object", found ${describeValue(type)}${nearest}`, {
    hint: "describe an object whose properties are the tool's arguments",
    ...(nearest !== "" && { nearest: "object" }),
  });
}

/** The schema, with `type: "object"` where it names no type. */
export function withObjectType(schema: JsonSchema): JsonSchema {
  return schema["type"] === undefined ? { type: "object", ...schema } : schema;
}

function checkAgainstMetaSchema(schema: JsonSchema, place: SchemaPlace): void {
  const errors = findSchemaErrors(schema, place);
  if (errors === undefined) return;
  const [fault = { path: "", message: "is no JSON Schema" }] = toFaults(errors);
  const found: unknown = errors[0]?.data;
  const allowed: unknown = errors[0]?.params["allowedValues"];
  const nearest =
    typeof found === "string" && Array.isArray(allowed) ? nearestName(found, allowed.map(String)) : undefined;
  const aside = Array.isArray(allowed) ? `, found ${describeValue(found)}` : "";
  throw schemaError(place, fault.path, `${fault.message}${aside}`, {
    hint: nearest === undefined ? "correct the schema" : `write "${nearest}"`,
    ...(nearest !== undefined && { nearest }),
  });
}

/** What the meta-schema has against `schema`; undefined when nothing. */
function findSchemaErrors(schema: JsonSchema, place: SchemaPlace): readonly ErrorObject[] | undefined {
  const dialect = dialectOf(schema) ?? "2020-12";
  const ajv = metaAjv(dialect);
  try {
    const isValid = runWithinTime(COMPILE_TIMEOUT_MS, () => ajv.validateSchema(schema));
    return isValid === true ? undefined : (ajv.errors ?? []);
  } catch (error) {
    if (!(error instanceof TimeLimitError)) throw error;
    forgetMetaAjv(dialect);
    throw schemaError(place, "", `could not be checked: ${error.message}`, {
      hint: "make the schema smaller",
      cause: error,
    });
  }
}

/** ajv does not check the formats of meta-schemas, so it would name no key. */
function checkPatterns(value: JsonValue, path: readonly string[], place: SchemaPlace): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    if (DATA_KEYWORDS.has(key)) continue;
    const isNamedPattern = path.at(-1) === "patternProperties";
    const pattern = isNamedPattern ? key : key === "pattern" && typeof member === "string" ? member : undefined;
    if (pattern !== undefined && !isPattern(pattern)) {
      throw schemaError(
        place,
        pointerTo([...path, key]),
        `is ${describeValue(pattern)}, which is no regular expression`,
        {
          hint: "correct the pattern: it is an ECMAScript regular expression",
        },
      );
    }
    checkPatterns(member, [...path, key], place);
  }
}

function checkCompiles(schema: JsonSchema, place: SchemaPlace): void {
  try {
    compileSchema(schema);
  } catch (error) {
    const missing = error instanceof Error && "missingRef" in error ? describeValue(error.missingRef) : undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw missing === undefined
      ? schemaError(place, "", `cannot be compiled: ${reason}`, { hint: "correct the schema", cause: error })
      : schemaError(place, "", `refers to ${missing}, which it does not hold`, {
          hint: "put what it refers to under $defs: nothing outside of the schema is fetched",
          cause: error,
        });
  }
}

interface SchemaFault {
  readonly hint: string;
  readonly nearest?: string;
  readonly cause?: unknown;
}

function schemaError({ file, key }: SchemaPlace, pointer: string, message: string, fault: SchemaFault): PocketError {
  const { hint, nearest, cause } = fault;
  const subject = `${key}${pointer}`;
  return new PocketError("ERR_POCKET_MANIFEST_INVALID", `${file}: ${subject || "the schema"} ${message}`, {
    hint,
    ...(cause !== undefined && { cause }),
    details: { file, key: subject, ...(nearest !== undefined && { nearest }) },
  });
}
