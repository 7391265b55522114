import { isPocketError } from "@toolpocket/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseInput } from "../../src/cli/parse-input.ts";

describe("parseInput()", () => {
  test("gives back every JSON value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(parseInput(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test.each([
    ['{"a":}', 1, 6],
    ["{city: 1}", 1, 2],
    ['{"a": 1,\n "b" 2}', 2, 6],
    ['{"a": 1', 1, 8],
    ["{} {}", 1, 4],
    ["// no\n{}", 1, 1],
  ])("names the place of the fault in %j", (text, line, column) => {
    expect(() => parseInput(text)).toThrow(
      expect.objectContaining({ code: "ERR_POCKET_USAGE", details: { line, column } }),
    );
  });

  test("throws nothing but ERR_POCKET_USAGE, with a place in the text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const fault = faultOf(text);
        expect(fault.line).toBeLessThanOrEqual(text.split("\n").length);
        expect(fault.column).toBeLessThanOrEqual(text.length + 1);
      }),
    );
  });
});

/** Where the text is said to be wrong; the beginning of one that is JSON. */
function faultOf(text: string): { line: number; column: number } {
  try {
    parseInput(text);
  } catch (error) {
    if (!isPocketError(error) || error.code !== "ERR_POCKET_USAGE") throw error;
    const { line, column } = error.details;
    return { line: Number(line), column: Number(column) };
  }
  return { line: 1, column: 1 };
}
