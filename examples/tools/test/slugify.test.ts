import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { slugify } from "../slugify/src/slugify.ts";

test.each([
  ["Straße nach Łódź & zurück", "strasse-nach-lodz-and-zuruck"],
  ["Don't panic!", "dont-panic"],
  ["  — ", ""],
  ["Æsir, Þor & Ðe", "aesir-thor-and-de"],
])("slugify() gives plain words when the text is %j", (text, slug) => {
  expect(slugify(text)).toBe(slug);
});

test("slugify() cuts after a whole word when the slug is too long", () => {
  expect(slugify("one two three", { maxLength: 9 })).toBe("one-two");
  expect(slugify("incomprehensible", { maxLength: 4 })).toBe("inco");
});

test("slugify() gives a slug that stays the same when it is made again", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("-", "_"),
      fc.integer({ min: 1, max: 40 }),
      (...drawn) => {
        const [text, separator, maxLength] = drawn;
        const slug = slugify(text, { separator, maxLength });
        expect(slug).toMatch(/^(?:[a-z0-9]+(?:[-_][a-z0-9]+)*)?$/u);
        expect(slug.length).toBeLessThanOrEqual(maxLength);
        expect(slugify(slug, { separator, maxLength })).toBe(slug);
      },
    ),
  );
});

test("slugify prints the slug and a line break when its published script gets JSON on stdin", () => {
  const script = fileURLToPath(new URL("../slugify/dist/index.js", import.meta.url));
  const input = JSON.stringify({ text: "Crème brûlée", separator: "_" });
  // The package's type is "module"; a tool's files are CommonJS where it says nothing.
  const run = ["--input-type=commonjs", "--eval", readFileSync(script, "utf8")];
  expect(execFileSync(process.execPath, run, { input, encoding: "utf8" })).toBe("creme_brulee\n");
});
