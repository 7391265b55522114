import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasInvisible, showInvisible } from "../src/show-invisible.ts";

describe("showInvisible()", () => {
  it.each([
    ["zero-width space", "a\u200Bb", "a⟨U+200B⟩b"],
    ["right-to-left override", "a\u202Eb", "a⟨U+202E⟩b"],
    ["tag letters", "a\u{E0041}", "a⟨U+E0041⟩"],
    ["variation selector", "a\uFE0F\u{E0100}", "a⟨U+FE0F⟩⟨U+E0100⟩"],
    ["escape sequence", "\u001B[31m", "⟨U+001B⟩[31m"],
    ["carriage return", "a\rb", "a⟨U+000D⟩b"],
    ["no-break space", "a\u00A0b", "a⟨U+00A0⟩b"],
    ["line separator", "a\u2028b", "a⟨U+2028⟩b"],
    ["byte order mark", "\uFEFFa", "⟨U+FEFF⟩a"],
    ["hangul filler and blank braille", "\u3164\u2800", "⟨U+3164⟩⟨U+2800⟩"],
    ["lone surrogate", "a\uD800", "a⟨U+D800⟩"],
    ["private use", "\uE000", "⟨U+E000⟩"],
  ])("shows a %s", (_what, text, shown) => {
    expect(showInvisible(text)).toBe(shown);
    expect(hasInvisible(text)).toBe(true);
  });

  it("leaves letters of any script, emoji, line feeds, tabs and spaces", () => {
    const text = "Ünïcode 日本語 עברית \t 😀\n";
    expect(showInvisible(text)).toBe(text);
    expect(hasInvisible(text)).toBe(false);
  });

  it("leaves nothing to show", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => !hasInvisible(showInvisible(text))));
  });
});
