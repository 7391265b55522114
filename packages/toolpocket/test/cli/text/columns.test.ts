import stringWidth from "string-width";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alignColumns, cutText, indent, measureColumns } from "../../../src/cli/text/columns.ts";

describe("alignColumns()", () => {
  test("starts each column in the same place, also behind wide characters and styles", () => {
    const rows = alignColumns([
      ["a", "bb", "x"],
      ["날씨", "\u001B[1mb\u001B[22m", "y"],
    ]);
    expect(rows.map((row) => stringWidth(row.slice(0, -1)))).toEqual([10, 10]);
  });

  test("leaves no spaces at the end of a line", () => {
    expect(
      alignColumns([
        ["a", ""],
        ["bbb", "c"],
      ]),
    ).toEqual(["a", "bbb  c"]);
  });
});

describe("measureColumns()", () => {
  test("tells where the next column begins", () => {
    const rows = [
      ["a", "bb"],
      ["ccc", "d"],
    ];
    expect(alignColumns(rows.map((row) => [...row, "x"]))[0]?.indexOf("x")).toBe(measureColumns(rows));
  });
});

describe("cutText()", () => {
  test("never takes more columns than it may, and cuts no character in two", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 40 }), (text, width) => {
        const cut = cutText(text, width);
        expect(stringWidth(cut)).toBeLessThanOrEqual(width);
        expect(cut.isWellFormed()).toBe(true);
        expect(cut === text).toBe(stringWidth(text) <= width);
      }),
    );
  });

  test("marks the cut", () => {
    expect(cutText("a long description", 8)).toBe("a long…");
  });
});

describe("indent()", () => {
  test("leaves empty lines empty", () => {
    expect(indent("a\n\nb")).toBe("  a\n\n  b");
  });
});
