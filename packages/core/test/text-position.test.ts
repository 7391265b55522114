import { describe, expect, it } from "vitest";
import { positionAt } from "../src/text-position.ts";

describe("positionAt()", () => {
  it.each([
    [0, { line: 1, column: 1 }],
    [2, { line: 1, column: 3 }],
    [3, { line: 2, column: 1 }],
    [6, { line: 3, column: 2 }],
    [99, { line: 3, column: 2 }],
  ])("counts offset %i from 1", (offset, position) => {
    expect(positionAt("ab\nc\nd", offset)).toEqual(position);
  });
});
