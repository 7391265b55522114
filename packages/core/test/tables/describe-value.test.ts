import { describe, expect, it } from "vitest";
import { describeValue, quoteText } from "../../src/tables/describe-value.ts";

describe("describeValue()", () => {
  it.each([
    ["pyton", '"pyton"'],
    [5, "5"],
    [true, "true"],
    [null, "null"],
    [undefined, "nothing"],
    [[1], "a list"],
    [{}, "a table"],
    [new Date(0), "a date"],
  ])("says of %j: %s", (value, words) => expect(describeValue(value)).toBe(words));
});

describe("quoteText()", () => {
  it("keeps text on one line, visible and short", () => {
    expect(quoteText('a"b\nc\u202E')).toBe('"a\\"b\\nc⟨U+202E⟩"');
    expect(quoteText("x".repeat(100))).toBe(`"${"x".repeat(60)}…"`);
  });
});
