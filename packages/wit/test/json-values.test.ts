/** Values of every type, to a component and back. */
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromJson, toArguments, toInputSchema, toJson, toSchema, WitRefusal, type WitType } from "../src/index.ts";
import { typeAndJson } from "./wit-arbitraries.ts";

/** As inputs are checked: a field may have the name of a member of Object.prototype. */
const ajv = new Ajv2020({ strict: false, ownProperties: true });

describe("fromJson() and toJson()", () => {
  test("are each other's opposite, for every type and value", () => {
    fc.assert(
      fc.property(typeAndJson, ({ type, json }) => {
        expect(toJson(type, fromJson(type, json))).toEqual(json);
      }),
      { numRuns: 1_000 },
    );
  });

  test("write and read what the schema describes", () => {
    fc.assert(
      fc.property(typeAndJson, ({ type, json }) => {
        expect(ajv.validate(toSchema(type), json), ajv.errorsText()).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("take nothing that the schema refuses", () => {
    fc.assert(
      fc.property(typeAndJson, fc.jsonValue({ maxDepth: 3 }), ({ type }, json) => {
        expect(!isTaken(type, json) || ajv.validate(toSchema(type), json), ajv.errorsText()).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

function isTaken(type: WitType, json: unknown): boolean {
  try {
    fromJson(type, json);
    return true;
  } catch (error) {
    if (error instanceof WitRefusal) return false;
    throw error;
  }
}

const person: WitType = {
  kind: "record",
  fields: [
    { name: "full-name", type: { kind: "string" } },
    { name: "age", type: { kind: "u8" } },
    { name: "e-mail", type: { kind: "option", some: { kind: "string" } } },
  ],
};

describe("fromJson()", () => {
  test("gives what jco takes: camel case, bigints, bytes, tags", () => {
    expect(fromJson(person, { "full-name": "Ada", age: 36 })).toEqual({ fullName: "Ada", age: 36, eMail: undefined });
    expect(fromJson({ kind: "u64" }, "18446744073709551615")).toBe(18446744073709551615n);
    expect(fromJson({ kind: "list", element: { kind: "u8" } }, "AQI=")).toEqual(Uint8Array.of(1, 2));
    expect(fromJson({ kind: "list", element: { kind: "u8" } }, [1, 2])).toEqual(Uint8Array.of(1, 2));
    expect(fromJson({ kind: "flags", names: ["can-read", "can-write"] }, ["can-write"])).toEqual({
      canRead: false,
      canWrite: true,
    });
    const nested: WitType = { kind: "option", some: { kind: "option", some: { kind: "u8" } } };
    expect(fromJson(nested, null)).toEqual({ tag: "none" });
    expect(fromJson(nested, { some: null })).toEqual({ tag: "some", val: undefined });
    expect(fromJson(nested, { some: 3 })).toEqual({ tag: "some", val: 3 });
  });

  test.each<[WitType, unknown, string, RegExp]>([
    [person, { "full-name": "Ada", age: 36, extra: 1 }, "/extra", /not known/u],
    [person, { "full-name": "Ada", age: 256 }, "/age", /0 to 255/u],
    [person, { age: 1 }, "/full-name", /missing/u],
    [{ kind: "tuple", elements: [person] }, [{ "full-name": 1, age: 1 }], "/0/full-name", /string/u],
    [{ kind: "u64" }, 2 ** 53, "", /as a string/u],
    [{ kind: "u64" }, "-1", "", /whole number/u],
    [{ kind: "u64" }, { toString: false }, "", /whole number/u],
    [{ kind: "s64" }, "9223372036854775808", "", /whole number/u],
    [{ kind: "f32" }, 1e300, "", /32 bits/u],
    [{ kind: "char" }, "ab", "", /one character/u],
    [{ kind: "string" }, "\uD800", "", /whole characters/u],
    [{ kind: "list", element: { kind: "u8" } }, "A", "", /base64/u],
    [{ kind: "flags", names: ["a"] }, ["b"], "/0", /one of a/u],
    [{ kind: "variant", cases: [{ name: "none" }] }, { tag: "none", val: 1 }, "/val", /left out/u],
    [{ kind: "result", ok: { kind: "u8" } }, { ok: 1, err: null }, "", /ok/u],
    [{ kind: "unsupported", what: "the resource file" }, {}, "", /resource file/u],
  ])("refuses of %j the value %j at %j", (type, value, path, message) => {
    const attempt = (): unknown => fromJson(type, value);
    expect(attempt).toThrow(WitRefusal);
    expect(attempt).toThrow(
      expect.objectContaining({ reason: "invalid-value", path, message: expect.stringMatching(message) }),
    );
  });
});

describe("toArguments()", () => {
  test("puts the parameters in their order", () => {
    const add = {
      name: "add",
      parameters: [
        { name: "a", type: { kind: "f64" } as const },
        { name: "b-side", type: { kind: "f64" } as const },
      ],
    };
    expect(toArguments(add, { "b-side": "NaN", a: 1 })).toEqual([1, Number.NaN]);
    expect(() => toArguments(add, { a: 1, b: 2 })).toThrow("is not known");
    expect(toInputSchema(add)).toMatchObject({ required: ["a", "b-side"], additionalProperties: false });
  });

  test("names a parameter that cannot be given", () => {
    const close = {
      name: "close",
      parameters: [{ name: "file", type: { kind: "unsupported", what: "the resource file" } as const }],
    };
    expect(() => toInputSchema(close)).toThrow('"close" takes the resource file (file)');
  });
});
