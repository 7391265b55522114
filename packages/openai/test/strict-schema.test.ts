import type { JsonObject } from "@toolpocket/core";
import { expect, test } from "vitest";
import { isStrictSchema } from "../src/index.ts";

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});

test.each<[string, JsonObject]>([
  [
    "all properties are required",
    object({ city: { type: "string", description: "Where" }, days: { type: "integer" } }),
  ],
  ["it has no properties", object({})],
  ["a property may be null", object({ unit: { type: ["string", "null"], enum: ["metric", "imperial", null] } })],
  ["objects stand in lists", object({ stops: { type: "array", items: object({ at: { type: "string" } }) } })],
  ["it refers to itself", object({ next: { anyOf: [{ $ref: "#" }, { type: "null" }] } })],
  ["it has definitions", object({ a: { $ref: "#/$defs/a" } }, { $defs: { a: { type: "number", minimum: 0 } } })],
])("isStrictSchema() is true when %s", (_, schema) => {
  expect(isStrictSchema(schema)).toBe(true);
});

const deep = (depth: number): JsonObject => object(depth === 0 ? {} : { inner: deep(depth - 1) });

test.each<[string, JsonObject]>([
  ["a property is optional", object({ city: { type: "string" } }, { required: [] })],
  ["more properties are allowed", object({}, { additionalProperties: true })],
  ["nothing is said of more properties", { type: "object", properties: {}, required: [] }],
  ["an object inside is open", object({ a: { type: "object" } })],
  ["the root is a choice", { anyOf: [object({})] }],
  ["the root is both object and choice", object({}, { anyOf: [object({})] })],
  ["a keyword is not known", object({ a: { type: "string", minLength: 2 } })],
  ["a format is not known", object({ a: { type: "string", format: "uri" } })],
  ["a property may be anything", object({ a: {} })],
  ["a property is a boolean schema", object({ a: true })],
  ["a list has no items", object({ a: { type: "array" } })],
  ["it refers elsewhere", object({ a: { $ref: "https://schemas.example/a" } })],
  ["it is nested too deep", deep(20)],
  ["an enum is too large", object({ a: { enum: Array.from({ length: 1_001 }, (__, index) => index) } })],
  ["properties stand beside another type", object({ a: { type: "string", properties: {} } })],
  ["it is draft-wide", { type: "object", allOf: [object({})] }],
])("isStrictSchema() is false when %s", (_, schema) => {
  expect(isStrictSchema(schema)).toBe(false);
});

test("isStrictSchema() ends when a schema is deeper than the stack", () => {
  let schema: JsonObject = object({});
  for (let depth = 0; depth < 100_000; depth += 1) schema = object({ inner: schema });
  expect(isStrictSchema(schema)).toBe(false);
});
