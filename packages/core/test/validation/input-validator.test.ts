import { describe, expect, it } from "vitest";
import type { JsonSchema } from "../../src/json.ts";
import { describeFaults } from "../../src/validation/input-check.ts";
import { createInputValidator } from "../../src/validation/input-validator.ts";
import { pocketFault } from "../pocket-fault.ts";

const WEATHER: JsonSchema = {
  type: "object",
  properties: {
    city: { type: "string", minLength: 1 },
    unit: { enum: ["metric", "imperial"] },
    days: { type: ["integer", "null"], maximum: 14 },
    mail: { type: "string", format: "email" },
    kind: { const: "now" },
    stops: { type: "array", items: { type: "object", required: ["name"] } },
  },
  required: ["city"],
  additionalProperties: false,
};

function faultsOf(schema: JsonSchema, input: unknown) {
  const check = createInputValidator(schema)(input);
  return check.ok ? [] : check.faults;
}

describe("createInputValidator()", () => {
  it("gives a copy of what is valid, unchanged: no defaults, nothing converted", () => {
    const schema = { type: "object", properties: { a: { type: "string", default: "x" }, b: { type: "number" } } };
    const input = { b: 1 };
    const check = createInputValidator(schema)(input);
    expect(check).toEqual({ ok: true, value: { b: 1 }, json: '{"b":1}' });
    expect(check.ok && check.value).not.toBe(input);
    expect(faultsOf(schema, { b: "1" })).toHaveLength(1);
  });

  it.each<[unknown, string, string]>([
    [{}, "/city", "must have required property 'city'"],
    [{ city: "x", cty: "x" }, "/cty", "must not have the property 'cty', did you mean 'city'?"],
    [{ city: "x", "a/b~": 1 }, "/a~1b~0", "must not have the property 'a/b~'"],
    [{ city: "x", unit: "m" }, "/unit", 'must be one of "metric", "imperial"'],
    [{ city: "x", days: "1" }, "/days", "must be integer or null, found string"],
    [{ city: null }, "/city", "must be string, found null"],
    [{ city: "" }, "/city", "must NOT have fewer than 1 characters"],
    [{ city: "x", days: 15 }, "/days", "must be <= 14"],
    [{ city: "x", mail: "x" }, "/mail", 'must match format "email"'],
    [{ city: "x", kind: "later" }, "/kind", 'must be "now"'],
    [{ city: "x", stops: [{ name: 1 }, {}] }, "/stops/1/name", "must have required property 'name'"],
    [[], "", "must be object, found array"],
  ])("says of %j where it is wrong, and how", (input, path, message) => {
    expect(faultsOf(WEATHER, input)).toEqual([{ path, message }]);
  });

  it("finds all faults at once", () => {
    expect(faultsOf(WEATHER, { unit: "m", days: "1" }).map(({ path }) => path)).toEqual(["/city", "/unit", "/days"]);
  });

  it.each<[string, JsonSchema]>([
    ["draft 2020-12", { $schema: "https://json-schema.org/draft/2020-12/schema", prefixItems: [{ type: "string" }] }],
    ["draft 2019-09", { $schema: "https://json-schema.org/draft/2019-09/schema", items: [{ type: "string" }] }],
    ["draft 7", { $schema: "http://json-schema.org/draft-07/schema#", items: [{ type: "string" }] }],
    ["a list of items without $schema", { items: [{ type: "string" }] }],
  ])("understands %s", (_draft, schema) => {
    const object = { type: "object", properties: { list: schema } };
    const named = schema["$schema"] === undefined ? object : { ...object, $schema: schema["$schema"] };
    expect(faultsOf(named, { list: ["a"] })).toEqual([]);
    expect(faultsOf(named, { list: [1] })).toEqual([{ path: "/list/0", message: "must be string, found number" }]);
  });

  it("follows references inside of the schema: $defs, definitions, anchors and its own $id", () => {
    const schema: JsonSchema = {
      $id: "https://schema.example/tool",
      type: "object",
      properties: {
        a: { $ref: "#/definitions/text" },
        b: { $ref: "#/$defs/text" },
        c: { $ref: "#named" },
        d: { $ref: "https://schema.example/tool#/$defs/text" },
        e: { $ref: "#" },
      },
      definitions: { text: { type: "string" } },
      $defs: { text: { type: "string", $anchor: "named" } },
    };
    const paths = faultsOf(schema, { a: 1, b: 1, c: 1, d: 1, e: { a: 1 } }).map(({ path }) => path);
    expect(paths).toEqual(["/a", "/b", "/c", "/d", "/e/a"]);
  });

  it("does not find what every object inherits", () => {
    const schema = { type: "object", properties: { toString: { type: "string" } }, required: ["constructor"] };
    expect(faultsOf(schema, {})).toEqual([
      { path: "/constructor", message: "must have required property 'constructor'" },
    ]);
  });

  it("is not fooled by a schema that asks for a promise", () => {
    expect(faultsOf({ $async: true, type: "object", required: ["a"] }, {})).toHaveLength(1);
  });

  it("understands OpenAPI's nullable, also where no type stands beside it", () => {
    const schema: JsonSchema = {
      type: "object",
      properties: { a: { type: "string", nullable: true }, b: { nullable: true, $ref: "#/$defs/b" } },
      $defs: { b: { type: "string" } },
    };
    expect(faultsOf(schema, { a: null, b: "x" })).toEqual([]);
  });

  it("refuses a hostile pattern's input in linear time", () => {
    const schema = { type: "object", properties: { a: { type: "string", pattern: "^(a+)+$" } } };
    const started = performance.now();
    expect(faultsOf(schema, { a: `${"a".repeat(100)}!` })).toEqual([
      { path: "/a", message: 'must match pattern "^(a+)+$"' },
    ]);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it.each<[string, JsonSchema, unknown]>([
    ["a pattern with look-ahead", { properties: { a: { pattern: "^(?=a)(a+)+$" } } }, { a: `${"a".repeat(60)}!` }],
    [
      "unique objects",
      { properties: { a: { uniqueItems: true } } },
      { a: Array.from({ length: 20_000 }, (_, index) => ({ index })) },
    ],
  ])("gives up after a second on %s", (_what, schema, input) => {
    const started = performance.now();
    const [fault] = faultsOf({ type: "object", ...schema }, input);
    expect(fault?.message).toContain("could not be checked within 1000 ms");
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it("gives up on a schema that refers to itself without end", () => {
    const [fault] = faultsOf({ type: "object", $ref: "#" }, {});
    expect(fault?.message).toContain("the schema is too deep for it");
  });

  it("throws ERR_POCKET_MANIFEST_INVALID when the schema cannot be compiled", () => {
    const validate = createInputValidator({ type: "object", $ref: "#/$defs/none" });
    expect(pocketFault(() => validate({})).code).toBe("ERR_POCKET_MANIFEST_INVALID");
  });
});

describe("describeFaults()", () => {
  it("tells the first five, each with its place", () => {
    const faults = faultsOf(WEATHER, { unit: "m", days: "1", mail: "x", kind: 1, x: 1, y: 2 });
    expect(describeFaults(faults)).toBe(
      "/city: must have required property 'city'; " +
        "/x: must not have the property 'x'; /y: must not have the property 'y'; " +
        '/unit: must be one of "metric", "imperial"; /days: must be integer or null, found string; and 2 more',
    );
  });

  it("calls the whole input so, cuts what is long and shows what is invisible", () => {
    expect(describeFaults([{ path: "", message: "must be object, found array" }])).toBe(
      "input: must be object, found array",
    );
    const text = describeFaults([{ path: `/${"p".repeat(500)}\u202E`, message: `\u202E${"m".repeat(500)}` }]);
    expect(text).toMatch(/^\/p{79}…: ⟨U\+202E⟩m{199}…$/u);
  });
});
