import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPatternMatcher, isPattern, toLinearSyntax } from "../../src/validation/linear-pattern.ts";

/** Without `\B`: V8 finds one inside of a surrogate pair, against the specification. */
const PIECES = [
  "a",
  "b",
  "1",
  " ",
  ".",
  "\\s",
  "\\S",
  "\\d",
  "\\D",
  "\\w",
  "\\W",
  "\\b",
  "^",
  "$",
  "|",
  "(",
  "(?:",
  "(?<n>",
  ")",
  "[",
  "[^",
  "]",
  "-",
  "*",
  "+",
  "?",
  "*?",
  "{2}",
  "{1,2}",
  "\\.",
  "\\]",
  "\\[",
  "\\n",
  "\\u0041",
  "\\x41",
  "\\u{61}",
  "\\p{L}",
  "\\P{L}",
  "\\p{Lu}",
  "(?=",
  "(?!",
  "(?<=",
  "😀",
  "é",
  "\\/",
  "&&",
  ":",
  "\\cA",
  "\\1",
  ",",
  "a-z",
];
const anyPattern = fc.array(fc.constantFrom(...PIECES), { maxLength: 9 }).map((pieces) => pieces.join(""));
const LETTERS = ["a", "b", "A", "1", " ", "\n", "\r", "\u2028", "\u00A0", "-", ".", "é", "😀", "[", "]", "_", ":", "&"];
const anyText = fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 8 });

function compileStrict(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, "u");
  } catch {
    return undefined;
  }
}

describe("createPatternMatcher()", () => {
  it("matches what the built-in engine matches", () => {
    fc.assert(
      fc.property(anyPattern, fc.array(anyText, { minLength: 1, maxLength: 4 }), (pattern, texts) => {
        const native = compileStrict(pattern);
        fc.pre(native !== undefined);
        const matcher = createPatternMatcher(pattern);
        for (const text of texts) expect([text, matcher.test(text)]).toEqual([text, native.test(text)]);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ["^(a+)+$", `${"a".repeat(50_000)}!`],
    ["^(\\w+\\s?)*$", `${"word ".repeat(5_000)}!`],
    ["^(.*,){20}$", `${"x,".repeat(10_000)}!`],
    ["(x+x+)+y", "x".repeat(20_000)],
  ])("takes linear time for %s", (pattern, text) => {
    const started = performance.now();
    expect(createPatternMatcher(pattern).test(text)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it("keeps to the meaning of patterns that RE2 has not", () => {
    expect(createPatternMatcher("^(?=.*\\d)\\w+$").test("abc1")).toBe(true);
    expect(createPatternMatcher("^(?=.*\\d)\\w+$").test("abcd")).toBe(false);
    expect(createPatternMatcher("^(.)\\1$").test("aa")).toBe(true);
    expect(createPatternMatcher("^a{1,2000}$").test("a".repeat(1_500))).toBe(true);
  });

  it("takes escapes that only older schemas have, and reads them as Unicode", () => {
    const matcher = createPatternMatcher("^[\\p{L}\\-]+$");
    expect([matcher.test("né-e"), matcher.test("p{L}")]).toEqual([true, false]);
    expect(createPatternMatcher("^\\_\\@$").test("_@")).toBe(true);
  });

  it("is told apart by its pattern", () => {
    expect(String(createPatternMatcher("^a$"))).toBe("^a$");
  });

  it("throws SyntaxError when it is no pattern", () => {
    expect(() => createPatternMatcher("(")).toThrow(SyntaxError);
  });
});

describe("toLinearSyntax()", () => {
  it.each([
    ["(?=a)b", undefined],
    ["(?<!a)b", undefined],
    ["(?<year>\\d{4})", "(?:\\d{4})"],
    ["[]", undefined],
    ["[^]", undefined],
    ["[[:alpha:]]", "[\\[:alpha:]]"],
    ["\\uD83D\\uDE00", undefined],
    ["\\A", undefined],
    ["\\1", undefined],
    ["[\\s\\S]", undefined],
    ["\\u{1F600}", "\\x{1F600}"],
  ])("translates %s", (pattern, translated) => expect(toLinearSyntax(pattern)).toBe(translated));
});

describe("isPattern()", () => {
  it.each([
    ["^a$", true],
    ["\\-", true],
    ["(", false],
    ["[z-a]", false],
  ])("%j: %j", (pattern, isOne) => expect(isPattern(pattern)).toBe(isOne));
});
