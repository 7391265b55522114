import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BoundSecret } from "../../src/secrets/bound-secret.ts";
import { createRedactor } from "../../src/secrets/redactor.ts";
import { createPlaceholder } from "../../src/secrets/seal-secrets.ts";

const bound = (value: string, name = "KEY"): BoundSecret => ({
  name,
  value,
  hosts: [],
  placeholder: createPlaceholder(),
});
const redact = (value: string, text: string): string => createRedactor([bound(value)]).text(text);

const VALUE = `p@ss"w\\o/r d+&<é🙂\n'x`;

const FORMS: Record<string, (value: string) => string> = {
  "as it is": (value) => value,
  "as JSON": (value) => JSON.stringify(value).slice(1, -1),
  "as JSON of Python": (value) =>
    JSON.stringify(value)
      .slice(1, -1)
      .replaceAll(/[^\0-\u007F]/g, (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  "as a component of a URL": encodeURIComponent,
  "as a form": (value) => new URLSearchParams({ value }).toString().slice("value=".length),
  "in base64": (value) => Buffer.from(value).toString("base64").replace(/=+$/u, ""),
  "in base64url": (value) => Buffer.from(value).toString("base64url"),
  "in hex": (value) => Buffer.from(value).toString("hex"),
  "in capital hex": (value) => Buffer.from(value).toString("hex").toUpperCase(),
};

describe("createRedactor()", () => {
  it.each(Object.keys(FORMS))("takes a value out %s", (form) => {
    expect(redact(VALUE, `before ${FORMS[form]?.(VALUE)}, after`)).toMatch(/^before \[secret KEY\]=*, after$/u);
  });

  it("leaves no form of any value, whatever stands around it", () => {
    const values = fc
      .string({ unit: "grapheme", minLength: 6, maxLength: 40 })
      .filter((value) => value.trim().length > 5);
    fc.assert(
      fc.property(values, fc.constantFrom(...Object.keys(FORMS)), fc.string(), fc.string(), (value, form, a, b) => {
        const shown = FORMS[form]?.(value) ?? "";
        expect(redact(value, `${a}${shown}${b}`)).toContain("[secret KEY]");
      }),
    );
  });

  it("takes a value out of base64 of a longer text, wherever it falls", () => {
    for (const prefix of ["", "u:", "us:", "use:", "user:"]) {
      const encoded = Buffer.from(`${prefix}a-long-password!tail`).toString("base64");
      const left = redact("a-long-password!", encoded);
      expect(left).toContain("[secret KEY]");
      expect(Buffer.from(left.replace("[secret KEY]", ""), "base64").toString()).not.toContain("long-pass");
    }
  });

  it("takes placeholders out, and every secret of several, the longer first", () => {
    const [short, long] = [bound("abcdef", "SHORT"), bound("abcdef-ghi", "LONG")];
    const text = `abcdef-ghi abcdef ${long.placeholder} ${short.placeholder}`;
    expect(createRedactor([short, long]).text(text)).toBe("[secret LONG] [secret SHORT] [secret LONG] [secret SHORT]");
  });

  it("leaves values of fewer than four characters alone", () => {
    expect(redact("abc", "abc abcabc")).toBe("abc abcabc");
  });

  it("takes the beginning of a value away where a text was cut inside of it", () => {
    const { cutText } = createRedactor([bound("hunter2-hunter2")]);
    expect(cutText("the key is hunter2-hun")).toBe("the key is [secret KEY]");
    expect(cutText("the key is hunt")).toBe("the key is [secret KEY]");
    expect(cutText("the key is hun")).toBe("the key is hun");
  });

  it("takes secrets out of texts, keys and numbers of a value, and keeps its shape", () => {
    const redactor = createRedactor([bound("12345678")]);
    const value = { a: ["x12345678x", 12_345_678, 1], "12345678": null, b: { c: true } };
    expect(redactor.value(value)).toEqual({
      a: ["x[secret KEY]x", "[secret KEY]", 1],
      "[secret KEY]": null,
      b: { c: true },
    });
  });

  it("stays quick for a long value and a long text", () => {
    const text = "abc%20\\u0041 ".repeat(100_000);
    const started = performance.now();
    redact("k%2".repeat(1_500), text);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe("createPlaceholder()", () => {
  it("means itself in URLs, headers and JSON, and is another each time", () => {
    const placeholder = createPlaceholder();
    expect(placeholder).toMatch(/^pocket-secret-[0-9a-f]{32}$/u);
    expect([encodeURIComponent(placeholder), JSON.parse(JSON.stringify(placeholder))]).toEqual([
      placeholder,
      placeholder,
    ]);
    expect(createPlaceholder()).not.toBe(placeholder);
  });
});
