import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_MAX_INPUT_BYTES } from "../../src/limits.ts";
import { MAX_INPUT_DEPTH, readJsonInput } from "../../src/validation/json-input.ts";

describe("readJsonInput()", () => {
  it("copies any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (json) => {
        const value: unknown = JSON.parse(JSON.stringify(json));
        const check = readJsonInput(value);
        expect(check).toStrictEqual({ ok: true, value, json: JSON.stringify(value) });
      }),
    );
  });

  it("shares nothing with what it was given", () => {
    const input = { list: [{ a: 1 }] };
    const check = readJsonInput(input);
    input.list[0] = { a: 2 };
    expect(check).toEqual({ ok: true, value: { list: [{ a: 1 }] }, json: '{"list":[{"a":1}]}' });
  });

  it("leaves out members that are undefined", () => {
    expect(readJsonInput({ a: undefined, b: 1 })).toEqual({ ok: true, value: { b: 1 }, json: '{"b":1}' });
  });

  it("keeps __proto__ as data", () => {
    const check = readJsonInput(JSON.parse('{"__proto__": {"x": 1}}'));
    expect(check.ok && Object.hasOwn(check.value as object, "__proto__")).toBe(true);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });

  const cycle: Record<string, unknown> = {};
  cycle["again"] = cycle;
  it.each<[string, unknown, string, string]>([
    ["nothing", undefined, "", "must be JSON, found nothing"],
    ["a function", { f: () => 1 }, "/f", "must be JSON, found a function"],
    ["a bigint", { list: [1, 2n] }, "/list/1", "must be JSON, found a bigint"],
    ["a hole", [1, undefined], "/1", "must be JSON, found nothing"],
    ["no number", { "a/b": Number.NaN }, "/a~1b", "must be JSON, found NaN"],
    ["an instance", { m: new Map() }, "/m", "must be JSON, found a Map"],
    ["a date", { d: new Date(0) }, "/d", "must be JSON, found a Date"],
    ["a cycle", cycle, "/again".repeat(MAX_INPUT_DEPTH), `must not be nested deeper than ${MAX_INPUT_DEPTH} levels`],
    [
      "too much",
      "x".repeat(DEFAULT_MAX_INPUT_BYTES),
      "",
      `must not be larger than ${DEFAULT_MAX_INPUT_BYTES} bytes of JSON`,
    ],
  ])("finds %s, with its path", (_what, input, path, message) => {
    expect(readJsonInput(input)).toEqual({ ok: false, faults: [{ path, message }] });
  });

  it("takes what is as large as it may be, counted in bytes, and no more", () => {
    expect(readJsonInput("é", 4)).toEqual({ ok: true, value: "é", json: '"é"' });
    expect(readJsonInput("éa", 4)).toEqual({
      ok: false,
      faults: [{ path: "", message: "must not be larger than 4 bytes of JSON" }],
    });
  });
});
