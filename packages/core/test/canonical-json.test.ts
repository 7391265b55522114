import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../src/canonical-json.ts";
import type { JsonValue } from "../src/json.ts";

function reverseKeys(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, reverseKeys(inner)]),
  );
}

describe("canonicalJson()", () => {
  it("sorts keys by UTF-16 code units, also those that look like numbers", () => {
    expect(canonicalJson({ b: [1, { z: null, a: "é" }], 9: 1, 10: 2, "\uE000": 3, "😀": 4 })).toBe(
      '{"10":2,"9":1,"b":[1,{"a":"é","z":null}],"😀":4,"\uE000":3}',
    );
  });

  it("means the same value and does not depend on the order of keys", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const value = JSON.parse(JSON.stringify(json)) as JsonValue;
        expect(JSON.parse(canonicalJson(value))).toEqual(value);
        expect(canonicalJson(reverseKeys(value))).toBe(canonicalJson(value));
      }),
    );
  });
});
