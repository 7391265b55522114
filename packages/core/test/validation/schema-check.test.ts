import { describe, expect, it } from "vitest";
import { checkInputSchema, MAX_SCHEMA_BYTES, withObjectType } from "../../src/validation/schema-check.ts";
import { pocketFault } from "../pocket-fault.ts";

const PLACE = { file: "schema.json", key: "" };
const nest = (depth: number): object => (depth === 0 ? {} : { properties: { a: nest(depth - 1) } });

describe("checkInputSchema()", () => {
  it("adds the type that models ask for, and changes nothing else", () => {
    const schema = { $schema: "https://json-schema.org/draft/2020-12/schema", title: "T", properties: { a: {} } };
    expect(checkInputSchema(schema, PLACE)).toStrictEqual({ type: "object", ...schema });
    const typed = { ...schema, type: "object" };
    expect(checkInputSchema(typed, PLACE)).toBe(typed);
  });

  it.each<[string, object]>([
    [
      "draft 7 with definitions and a list of items",
      {
        $schema: "http://json-schema.org/draft-07/schema#",
        properties: { a: { $ref: "#/definitions/a" } },
        definitions: { a: { items: [{ type: "string" }], additionalItems: false } },
      },
    ],
    ["keywords and formats that nobody knows", { properties: { a: { format: "x-y", "x-order": 1 } } }],
    ["a property for each keyword", { properties: { pattern: { type: "string" }, $ref: {}, id: {}, nullable: {} } }],
    ["draft 4's id", { id: "tool", properties: {} }],
    ["examples that look like schemas", { examples: [{ pattern: "(", $ref: "none" }] }],
  ])("takes %s", (_what, schema) => {
    expect(checkInputSchema(schema, PLACE)).toMatchObject(schema);
  });

  it.each<[string, unknown, string, string]>([
    ["text", "x", "", "the schema must be a JSON object"],
    ["another type", { type: ["object", "null"] }, "/type", 'must be "object", found a list'],
    ["an unknown dialect", { $schema: "http://json-schema.org/draft-04/schema#" }, "/$schema", "is not understood"],
    ["a dialect that is no text", { $schema: 7 }, "/$schema", "is not understood"],
    [
      "a wrong keyword",
      { properties: { a: { minimum: "1" } } },
      "/properties/a/minimum",
      "must be number, found string",
    ],
    [
      "a reference to the network",
      { properties: { a: { $ref: "https://schema.example/x" } } },
      "",
      'refers to "https://schema.example/x"',
    ],
    ["a reference to a file", { properties: { a: { $ref: "other.json#/a" } } }, "", "which it does not hold"],
    ["a reference to nothing", { $ref: "#/$defs/none" }, "", 'refers to "#/$defs/none", which it does not hold'],
    [
      "a wrong pattern",
      { properties: { a: { pattern: "(" } } },
      "/properties/a/pattern",
      'is "(", which is no regular expression',
    ],
    ["a wrong property pattern", { patternProperties: { "[": {} } }, "/patternProperties/[", "no regular expression"],
    [
      "__proto__",
      JSON.parse('{"properties": {"__proto__": {}}}'),
      "/properties/__proto__",
      "is a key that is not allowed",
    ],
    ["too many levels", nest(40), "", "is nested deeper than 64 levels"],
    ["too many bytes", { description: "x".repeat(MAX_SCHEMA_BYTES) }, "", "is larger than"],
  ])("throws ERR_POCKET_MANIFEST_INVALID when it is given %s", (_what, schema, key, message) => {
    const error = pocketFault(() => checkInputSchema(schema, PLACE));
    expect(error).toMatchObject({ code: "ERR_POCKET_MANIFEST_INVALID", details: { file: "schema.json", key } });
    expect(error.message).toContain(message);
    expect(error.hint).toBeTruthy();
  });

  it("names the key in which the schema stands", () => {
    const place = { file: "pocket.json", key: "tool.inputSchema" };
    const error = pocketFault(() => checkInputSchema({ required: 5 }, place));
    expect(error.details).toMatchObject({ file: "pocket.json", key: "tool.inputSchema/required" });
  });

  it("takes a schema with many properties", () => {
    const names = Array.from({ length: 500 }, (_, index) => `property${index}`);
    const properties = Object.fromEntries(names.map((name) => [name, { type: "string", pattern: "^a+$" }]));
    expect(checkInputSchema({ properties }, PLACE)).toMatchObject({ type: "object" });
  });
});

describe("withObjectType()", () => {
  it("does not change a type that is there", () => {
    const schema = { type: "string" };
    expect(withObjectType(schema)).toBe(schema);
  });
});
