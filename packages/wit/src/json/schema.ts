/** Writes WIT types as JSON Schema (draft 2020-12): the form that `fromJson` reads and `toJson` writes. */
import type { WitFunction } from "../interface.ts";
import { findUnsupported } from "../read-interface.ts";
import { WitRefusal } from "../refusal.ts";
import { INTEGER_RANGES, LONG_RANGES, mayBeNull, type WitField, type WitType } from "../types.ts";

export interface JsonSchemaObject {
  [key: string]: SchemaValue;
}
export type SchemaValue = string | number | boolean | null | SchemaValue[] | JsonSchemaObject;

const DRAFT = "https://json-schema.org/draft/2020-12/schema";
const NUMBER_WORDS = "^(?:NaN|-?Infinity)$";

/**
 * The schema of a function's input: an object with its parameters.
 * @throws WitRefusal `unsupported` where a value of a parameter cannot be given from outside
 */
export function toInputSchema({ name, parameters }: WitFunction): JsonSchemaObject {
  for (const parameter of parameters) {
    const what = findUnsupported(parameter.type);
    if (what === undefined) continue;
    throw new WitRefusal(
      "unsupported",
      `"${name}" takes ${what} (${parameter.name}), which cannot be given from outside`,
    );
  }
  return { $schema: DRAFT, ...toObjectSchema(parameters) };
}

/**
 * The schema of what a function returns: of a `result`, what it holds when all went well. Undefined where it returns nothing.
 * @throws WitRefusal `unsupported`
 */
export function toOutputSchema({ name, result }: WitFunction): JsonSchemaObject | undefined {
  const what = result && findUnsupported(result);
  if (what !== undefined) throw new WitRefusal("unsupported", `"${name}" returns ${what}, which cannot be taken out`);
  const type = result?.kind === "result" ? result.ok : result;
  return type && { $schema: DRAFT, ...toSchema(type) };
}

/** @throws WitRefusal `unsupported` for a type whose values cannot leave the component */
export function toSchema(type: WitType): JsonSchemaObject {
  switch (type.kind) {
    case "bool":
      return { type: "boolean" };
    case "s8":
    case "u8":
    case "s16":
    case "u16":
    case "s32":
    case "u32": {
      const [minimum, maximum] = INTEGER_RANGES[type.kind];
      return { type: "integer", minimum, maximum };
    }
    case "s64":
    case "u64":
      return toLongSchema(type.kind);
    case "f32":
    case "f64":
      return { type: ["number", "string"], pattern: NUMBER_WORDS };
    case "char":
      return { type: "string", minLength: 1, maxLength: 1 };
    case "string":
      return { type: "string" };
    case "list":
      return toListSchema(type);
    case "tuple": {
      const { length } = type.elements;
      return { type: "array", prefixItems: type.elements.map(toSchema), minItems: length, maxItems: length };
    }
    case "option":
      return toOptionSchema(type.some);
    case "result":
      return { oneOf: [toWrapper("ok", type.ok), toWrapper("err", type.err)] };
    case "record":
      return toObjectSchema(type.fields);
    case "variant":
      return { oneOf: type.cases.map(({ name, type: payload, docs }) => toCaseSchema(name, payload, docs)) };
    case "enum":
      return { type: "string", enum: [...type.names] };
    case "flags":
      return { type: "array", items: { type: "string", enum: [...type.names] }, uniqueItems: true };
    case "unsupported":
      throw new WitRefusal("unsupported", `${type.what} has no form in JSON`);
  }
}

/** An integer where a JSON number holds it exactly, else its digits. */
function toLongSchema(kind: "s64" | "u64"): JsonSchemaObject {
  const [lowest] = LONG_RANGES[kind];
  return {
    type: ["integer", "string"],
    minimum: lowest === 0n ? 0 : Number.MIN_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
    pattern: lowest === 0n ? "^[0-9]{1,20}$" : "^-?[0-9]{1,19}$",
  };
}

function toListSchema({ element, length }: Extract<WitType, { kind: "list" }>): JsonSchemaObject {
  const bounds: JsonSchemaObject = length === undefined ? {} : { minItems: length, maxItems: length };
  const array = { type: "array", items: toSchema(element), ...bounds };
  if (element.kind !== "u8") return array;
  return { anyOf: [{ type: "string", contentEncoding: "base64" }, array] };
}

function toOptionSchema(some: WitType): JsonSchemaObject {
  const inner = mayBeNull(some) ? toWrapper("some", some) : toSchema(some);
  return { anyOf: [inner, { type: "null" }] };
}

/** `{ key: value }`, null for a value that there is none of. */
function toWrapper(key: string, type: WitType | undefined): JsonSchemaObject {
  const value = type === undefined ? { type: "null" } : toSchema(type);
  return { type: "object", properties: { [key]: value }, required: [key], additionalProperties: false };
}

function toCaseSchema(name: string, payload: WitType | undefined, docs: string | undefined): JsonSchemaObject {
  const isRequired = payload !== undefined && payload.kind !== "option";
  return {
    ...(docs !== undefined && { description: docs }),
    type: "object",
    properties: { tag: { const: name }, ...(payload && { val: toSchema(payload) }) },
    required: ["tag", ...(isRequired ? ["val"] : [])],
    additionalProperties: false,
  };
}

function toObjectSchema(fields: readonly WitField[]): JsonSchemaObject {
  const properties: JsonSchemaObject = {};
  for (const { name, type, docs } of fields) {
    properties[name] = { ...toSchema(type), ...(docs !== undefined && { description: docs }) };
  }
  return {
    type: "object",
    properties,
    required: fields.filter(({ type }) => type.kind !== "option").map(({ name }) => name),
    additionalProperties: false,
  };
}
