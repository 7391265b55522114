/** Compiles a schema to a check of values, once for each schema object. */
import type { ValidateFunction } from "ajv";
import { isJsonObject, type JsonObject, type JsonSchema, type JsonValue } from "../json.ts";
import { createAjv, dialectOf } from "./dialect.ts";
import { runWithinTime } from "./time-limit.ts";

/** Compiling a schema of the largest size takes far less. */
export const COMPILE_TIMEOUT_MS = 5_000;

const compiled = new WeakMap<JsonSchema, ValidateFunction>();

/**
 * The compiled schema. References are followed inside of the schema only.
 * @throws TimeLimitError, and what ajv throws at a schema that it cannot compile.
 */
export function compileSchema(schema: JsonSchema): ValidateFunction {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const validate = runWithinTime(COMPILE_TIMEOUT_MS, () =>
    createAjv(dialectOf(schema) ?? "2020-12").compile(withoutDialectName(toStandardSchema(schema))),
  );
  compiled.set(schema, validate);
  return validate;
}

/** Keywords whose values are data and hold no schemas. */
export const DATA_KEYWORDS = new Set(["enum", "const", "default", "examples"]);

/**
 * A copy without what ajv adds to JSON Schema and what would change the result or fail: `$async`, which makes a check
 * return a promise, and OpenAPI's `nullable` where no `type` stands beside it.
 */
function toStandardSchema(schema: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, value]) => !(typeof value === "boolean" && (key === "$async" || isLoneNullable(key, schema))))
      .map(([key, value]) => [key, DATA_KEYWORDS.has(key) ? value : toStandardValue(value)]),
  );
}

function toStandardValue(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(toStandardValue);
  return isJsonObject(value) ? toStandardSchema(value) : value;
}

function isLoneNullable(key: string, schema: JsonObject): boolean {
  return key === "nullable" && schema["type"] === undefined;
}

/** The instance is chosen by it already, and has no meta-schema to look up. */
function withoutDialectName({ $schema: _name, ...schema }: JsonObject): JsonObject {
  return schema;
}
