import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isToolName, toToolName } from "../../src/manifest/tool-name.ts";

describe("isToolName()", () => {
  it.each([
    ["get_weather-2", true],
    ["x".repeat(64), true],
    ["x".repeat(65), false],
    ["", false],
    ["a b", false],
    ["a.b", false],
    ["weather\n", false],
    ["wеather", false],
  ])("%j: %j", (name, isName) => expect(isToolName(name)).toBe(isName));
});

describe("toToolName()", () => {
  it.each([
    ["Get weather!", "Get_weather"],
    ["Zürich / Köln", "Zurich_Koln"],
    ["天気", "tool"],
    ["ok-name", "ok-name"],
  ])("makes of %j: %j", (text, name) => expect(toToolName(text)).toBe(name));

  it("always makes a valid name", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => isToolName(toToolName(text))));
  });
});
