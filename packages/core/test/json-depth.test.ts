/** Depth of JSON text: told before it is parsed, as walking the text character by character tells it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNestedDeeper } from "../src/json-depth.ts";

/** The plainest way to tell it. */
function depthOf(text: string): number {
  let [depth, deepest, inString] = [0, 0, false];
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charAt(index);
    if (inString && char === "\\") index += 1;
    else if (char === '"') inString = !inString;
    else if (!inString) depth += "[{".includes(char) ? 1 : "]}".includes(char) ? -1 : 0;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

describe("isNestedDeeper()", () => {
  it("isNestedDeeper() tells the depth of JSON when strings hold brackets, quotes and backslashes", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(6), (text, limit) => {
        expect(isNestedDeeper(text, limit)).toBe(depthOf(text) > limit);
      }),
    );
  });

  it("isNestedDeeper() tells it of any text when it is no JSON", () => {
    const text = fc.string({ unit: fc.constantFrom("[", "]", "{", "}", '"', "\\", "a") });
    fc.assert(
      fc.property(text, fc.nat(3), (any, limit) => {
        expect(isNestedDeeper(any, limit)).toBe(depthOf(any) > limit);
      }),
      { numRuns: 2_000 },
    );
  });

  it("isNestedDeeper() takes time in proportion to the text when it is all backslashes and quotes", () => {
    const started = performance.now();
    for (const unit of ["\\", '\\"', '"', '""\\']) isNestedDeeper(`"${unit.repeat(4_000_000 / unit.length)}`, 5);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
