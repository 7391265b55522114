import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonSchema } from "../../src/json.ts";
import { compileSchema } from "../../src/validation/compile-schema.ts";
import { DIALECTS, metaAjv } from "../../src/validation/dialect.ts";
import { isPlainSchema } from "../../src/validation/plain-schema.ts";

/** Values that fit some keyword, and some that fit none: what a stranger may write. */
const value = fc.oneof(
  fc.constantFrom("object", "string", "integer", "text", "", "date-time", null, true, false, 0, 1, -1, 2.5, Infinity),
  fc.array(fc.constantFrom("object", "string", "a", "a", null, 1), { maxLength: 3 }),
);
const keyword = fc.constantFrom(
  ..."type enum const default examples title description format deprecated uniqueItems minimum exclusiveMaximum".split(
    " ",
  ),
  ..."multipleOf minLength maxItems minProperties required items additionalProperties not properties anyOf".split(" "),
  ..."$ref pattern nullable $defs".split(" "),
);
const { schema } = fc.letrec<{ schema: JsonSchema | boolean }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.boolean(),
    fc
      .record(
        {
          some: fc.dictionary(keyword, value, { maxKeys: 2 }),
          properties: fc.dictionary(fc.constantFrom("a", "toString", "type"), tie("schema"), { maxKeys: 2 }),
          items: tie("schema"),
          oneOf: fc.array(tie("schema"), { maxLength: 2 }),
        },
        { requiredKeys: [] },
      )
      .map(({ some, ...others }) => Object.assign(others, some) as JsonSchema),
  ),
}));

describe("isPlainSchema()", () => {
  it("isPlainSchema() takes the schemas that tools have", () => {
    const city = { type: "string", description: "Where", minLength: 1 };
    const days = { type: ["integer", "null"], minimum: 1, default: 3 };
    const tags = { type: "array", items: { enum: ["a", "b"] }, uniqueItems: true };
    const place = { type: "object", properties: { city, days, tags }, required: ["city"], additionalProperties: false };
    expect(isPlainSchema(place)).toBe(true);
    expect(isPlainSchema({ $schema: "http://json-schema.org/draft-07/schema#", ...place })).toBe(true);
  });

  it.each<[string, JsonSchema]>([
    ["a reference", { properties: { a: { $ref: "#/$defs/a" } }, $defs: { a: {} } }],
    ["a pattern", { properties: { a: { type: "string", pattern: "^a" } } }],
    ["a keyword that is misspelt", { propertys: {} }],
    ["a type that is none", { properties: { a: { type: "text" } } }],
    ["a list of no types", { properties: { a: { type: [] } } }],
    ["a type that is named twice", { properties: { a: { type: ["string", "string"] } } }],
    ["no choice", { anyOf: [] }],
    ["a list of items", { properties: { a: { items: [{}] } } }],
    ["a dialect within", { properties: { a: { $schema: "https://json-schema.org/draft/2020-12/schema" } } }],
    ["a length below nothing", { properties: { a: { minLength: -1 } } }],
    ["a number that is none", { properties: { a: { minimum: Infinity } } }],
  ])("isPlainSchema() leaves it to ajv when there is %s", (_what, input) => {
    expect(isPlainSchema(input)).toBe(false);
  });

  it("isPlainSchema() takes nothing that a meta-schema refuses or ajv cannot compile", () => {
    let taken = 0;
    const property = fc.property(schema, (made) => {
      const input: JsonSchema = { type: "object", properties: { made } };
      if (!isPlainSchema(input)) return;
      taken += 1;
      for (const dialect of DIALECTS) expect(metaAjv(dialect).validateSchema(input)).toBe(true);
      expect(compileSchema(input)).toBeInstanceOf(Function);
    });
    fc.assert(property, { numRuns: 500 });
    expect(taken).toBeGreaterThan(50);
  });
});
