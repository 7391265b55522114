/** Stubs as Python takes them: any schema, and each fault that generators of such code are known for. */
import { type JsonSchema, type JsonValue, showInvisible } from "@toolpocket/core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { toPythonPath } from "../src/python-names.ts";
import { renderStub, type Stub } from "../src/render-stub.ts";
import { type Python, startPython } from "./python.ts";

let python: Python;
beforeAll(async () => {
  python = await startPython();
}, 60_000);

function stubOf(
  properties: Record<string, JsonValue>,
  more: JsonSchema = {},
  name = "weather",
  description = "Tells it.",
): Stub {
  return renderStub({ name, description, inputSchema: { type: "object", properties, ...more } }, toPythonPath(name));
}

/** The types of the arguments, without what every stub has. */
function typesOf(stub: Stub): Record<string, string> {
  const { error, types } = python.read(stub);
  expect(error).toBeUndefined();
  const { return: _result, more: _more, ...given } = types;
  return given;
}

describe("renderStub()", () => {
  it.each<[string, JsonSchema, string]>([
    ["str", { type: "string" }, "<class 'str'>"],
    ["a list", { type: "array", items: { type: "integer" } }, "list[int]"],
    ["a tuple", { type: "array", prefixItems: [{ type: "integer" }, { type: "string" }] }, "tuple[int, str]"],
    ["a map", { type: "object", additionalProperties: { type: "number" } }, "dict[str, float]"],
    ["literals", { enum: ["a", 1, null, true, 'q"\\'] }, "typing.Literal['a', 1, None, True, 'q\"\\\\']"],
    ["a constant", { const: "x" }, "typing.Literal['x']"],
    ["null beside a type", { type: ["string", "null"] }, "str | None"],
    ["nullable", { type: "integer", nullable: true }, "int | None"],
    ["a union", { anyOf: [{ type: "integer" }, { type: "array", items: { type: "string" } }] }, "int | list[str]"],
    ["a nested object", { type: "object", properties: { a: { type: "string" } } }, "<class 'stub.WeatherX'>"],
    ["all of several", { allOf: [{ properties: { a: {} } }, { properties: { b: {} } }] }, "<class 'stub.WeatherX'>"],
    ["a reference", { $ref: "#/$defs/City" }, "<class 'stub.City'>"],
    ["a reference to nothing", { $ref: "#/$defs/Nowhere" }, "typing.Any"],
    ["a reference to elsewhere", { $ref: "https://example.com/schema.json" }, "typing.Any"],
    ["a reference to itself", { $ref: "#/$defs/Loop" }, "typing.Any"],
    ["nothing", {}, "typing.Any"],
  ])("writes %s", (_, schema, type) => {
    const $defs = {
      City: {
        type: "object",
        properties: { name: { type: "string" }, near: { type: "array", items: { $ref: "#/$defs/City" } } },
      },
      Loop: { $ref: "#/$defs/Loop" },
    };
    expect(typesOf(stubOf({ x: schema }, { $defs }))).toEqual({ x: type });
  });

  it("writes keys of objects that Python does not take as names", () => {
    const stub = stubOf({
      x: { type: "object", properties: { "a-b": { type: "string" }, class: {}, __secret: {} }, required: ["class"] },
    });
    expect(typesOf(stub)).toEqual({ x: "<class 'stub.WeatherX'>" });
    expect(stub.source).toContain('"a-b": NotRequired["str"]');
  });

  it("puts required arguments first, and gives the others the default ..., also when a required one has a default", () => {
    const stub = stubOf(
      { unit: { type: "string", default: "c" }, city: { type: "string" }, days: { type: "integer", default: 3 } },
      { required: ["city", "days"] },
    );
    expect(stub.source).toContain("def weather(city: str, *, unit: str = ..., days: int = 3)");
    expect(typesOf(stub)).toHaveProperty("city");
  });

  it.each([
    "C:\\Users\\new",
    'He said "hi"',
    'ends in a quote"',
    "ends in a backslash\\",
    '"""',
    "a\u0000b\r\nc\u000cd",
    "\ud800",
    "",
  ])("keeps a description, and a stub that Python takes, when it is %j", (description) => {
    const stub = stubOf({ x: { type: "string", description } }, {}, "weather", description);
    const { error, doc } = python.read(stub);
    expect(error).toBeUndefined();
    const words = showInvisible(description.replaceAll(/\r\n?/gu, "\n")).trim();
    expect(doc).toContain(words.split("\n")[0]);
  });

  it("shows what would not be seen in a description, and escapes it in a literal", () => {
    const hidden = "safe\u202e\u200b\u{e0041}";
    const stub = stubOf({ x: { enum: [hidden, "日本 🌆"] } }, {}, "weather", hidden);
    expect(stub.source).toContain("safe⟨U+202E⟩⟨U+200B⟩⟨U+E0041⟩");
    expect(stub.source).toContain('Literal["safe\\u202e\\u200b\\U000e0041", "日本 🌆"]');
    expect(typesOf(stub)["x"]).toContain("safe");
  });

  it("keeps arguments apart when Python would have one name for two, and knows whose name is whose", () => {
    const stub = stubOf({
      "a-b": { type: "string" },
      a_b: { type: "integer" },
      "a.b": { type: "boolean" },
      class: {},
      "1st": {},
      "": {},
    });
    expect(Object.keys(typesOf(stub))).toEqual(["a_b_2", "a_b", "a_b_3", "class_", "_1st", "_"]);
    expect(stub.renamed).toEqual({ a_b_2: "a-b", a_b_3: "a.b", class_: "class", _1st: "1st", _: "" });
  });

  it.each(["args", "kwargs", "self", "arguments", "call", "tool", "more", "Any", "list", "match", "str", "print"])(
    "takes an argument named %s",
    (name) => {
      const { error } = python.read(stubOf({ [name]: { type: "string" } }, { additionalProperties: true }));
      expect(error).toBeUndefined();
    },
  );

  it("takes further arguments only where the schema says so, or names none", () => {
    expect(stubOf({ a: {} }).source).not.toContain("**");
    expect(stubOf({ a: {} }, { additionalProperties: false }).source).not.toContain("**");
    expect(stubOf({}).source).toContain("**more: Any");
    expect(stubOf({ more: {} }, { additionalProperties: { type: "string" } }).source).toContain("**more_: Any");
  });

  it("types the result when the tool tells what it gives", () => {
    const outputSchema = { type: "object", properties: { degrees: { type: "number" } }, required: ["degrees"] };
    const stub = renderStub(
      { name: "weather", description: "", inputSchema: { type: "object" }, outputSchema },
      "weather",
    );
    expect(python.read(stub).types["return"]).toBe("<class 'stub.WeatherResult'>");
  });

  it("names no class as the function, nor two alike, when the words for them are the same", () => {
    const place = { type: "object", properties: { city: { type: "string" } } };
    const degrees = { type: "object", properties: { degrees: { type: "number" } } };
    const stub = renderStub(
      {
        name: "Weather",
        description: "",
        inputSchema: {
          type: "object",
          properties: { "": { anyOf: [place, { type: "null" }] }, at: { $ref: "#/$defs/Weather" }, result: place },
          $defs: { Weather: place },
        },
        outputSchema: degrees,
      },
      "Weather",
    );
    expect(python.read(stub)).toMatchObject({
      types: {
        _: "stub.Weather2 | None",
        at: "<class 'stub.Weather3'>",
        result: "<class 'stub.WeatherResult'>",
        return: "<class 'stub.WeatherResult2'>",
      },
    });
    expect(stub.source).toContain("class WeatherResult2(TypedDict):\n    degrees: NotRequired[float]");
  });

  it("gives a stub that Python takes, with types that it resolves, for any schema", () => {
    fc.assert(
      fc.property(
        fc.dictionary(names, anySchema, { maxKeys: 5 }),
        names,
        fc.string(),
        anySchema,
        (properties, name, description, outputSchema) => {
          const required = Object.keys(properties).filter((_, index) => index % 2 === 0);
          const inputSchema = { type: "object", properties, required, $defs: { A: { type: "object", properties } } };
          const stub = renderStub({ name, description, inputSchema, outputSchema }, toPythonPath(name));
          expect(python.read(stub).error).toBeUndefined();
        },
      ),
      { numRuns: 300 },
    );
  });

  it("gives a stub that Python takes when the schema is no schema at all", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 6 }), (nonsense) => {
        const inputSchema = { ...nonsense, properties: { x: nonsense as JsonSchema, ...nonsense } } as JsonSchema;
        const stub = renderStub({ name: "t", description: "", inputSchema }, "t");
        expect(python.read(stub).error).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});

const names = fc.oneof(
  fc.constantFrom(
    "a",
    "a-b",
    "a_b",
    "class",
    "args",
    "self",
    "None",
    "ﬁ",
    "fi",
    "도시",
    "1",
    "",
    "__x",
    "a b",
    "Any",
    "é",
    "x²",
  ),
  fc.string({ maxLength: 12 }),
);
const { schema: anySchema } = fc.letrec<{ schema: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<JsonSchema>(
      { type: "string" },
      { type: "integer", default: 1 },
      {},
      { $ref: "#/$defs/A" },
      { $ref: "#" },
    ),
    fc.record({
      enum: fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.double({ noNaN: true }))),
    }),
    fc.record({ type: fc.constant("array"), items: tie("schema") }),
    fc.record({
      type: fc.constant("object"),
      properties: fc.dictionary(names, tie("schema"), { maxKeys: 4 }),
      description: fc.string(),
    }),
    fc.record({ anyOf: fc.array(tie("schema"), { maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie("schema"), { maxLength: 3 }) }),
    fc.record({ type: fc.constant("array"), prefixItems: fc.array(tie("schema"), { maxLength: 3 }) }),
  ) as fc.Arbitrary<JsonSchema>,
}));
