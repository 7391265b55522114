import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countEdits } from "../src/edits.ts";

describe("countEdits()", () => {
  it.each([
    ["name", "name", 0],
    ["nmae", "name", 1],
    ["ba", "ab", 1],
    ["nme", "name", 1],
    ["nam", "name", 1],
    ["mnae", "name", 2],
    ["eman", "name", 4],
    ["", "ab", 2],
  ])("counts for %j in the place of %j: %d", (typed, meant, edits) => {
    expect(countEdits(typed, meant)).toBe(edits);
  });

  it("counts two neighbours that changed places once, wherever they stand", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 2, maxLength: 20 }), fc.nat(), (name, place) => {
        const at = place % (name.length - 1);
        const typed = name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2);
        expect(countEdits(typed, name)).toBe(typed === name ? 0 : 1);
      }),
    );
  });
});
