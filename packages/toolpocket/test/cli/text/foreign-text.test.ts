import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toLine, toTerminal } from "../../../src/cli/text/foreign-text.ts";

describe("toLine()", () => {
  test("gives one line without anything a terminal obeys", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(toLine(text)).not.toMatch(/\p{Cc}/u);
      }),
    );
  });

  test("shows what is invisible", () => {
    expect(toLine("a\u200Bb\n  c\td")).toBe("a⟨U+200B⟩b c d");
  });
});

describe("toTerminal()", () => {
  test("shows escapes, and keeps lines, tabs and joined emoji", () => {
    expect(toTerminal("a\u001B]0;title\u0007\r\n\tb 👩‍💻")).toBe("a⟨U+001B⟩]0;title⟨U+0007⟩\n\tb 👩‍💻");
  });
});
