import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderSection, renderValue } from "../../src/settings/render-toml.ts";
import { parseToml } from "../../src/toml.ts";
import { anyKey, anyTomlValue } from "./toml-arbitrary.ts";

const parse = (text: string) => parseToml(text, { file: "x", code: "ERR_POCKET_SETTINGS_INVALID" });

describe("renderValue()", () => {
  it.each([
    ['a "b"\n\u007F\u0001', '"a \\"b\\"\\n\\u007F\\u0001"'],
    [5, "5"],
    [Number.POSITIVE_INFINITY, "inf"],
    [["a", 1], '["a", 1]'],
    [{}, "{}"],
    [{ a: { "b c": true } }, '{ a = { "b c" = true } }'],
  ])("writes %j as %s", (value, text) => expect(renderValue(value)).toBe(text));
});

describe("renderSection()", () => {
  it("is read as what was written", () => {
    fc.assert(
      fc.property(fc.dictionary(anyKey, anyTomlValue), anyKey, (table, name) => {
        expect(parse(renderSection(["tools", name], table).join("\n"))).toEqual({ tools: { [name]: table } });
      }),
    );
  });
});
