import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { replaceBytes } from "../../src/network/replace-bytes.ts";
import { echoForms, toJsonForm, toUrlForm } from "../../src/network/secret-forms.ts";

const value = fc.string({ unit: "grapheme", minLength: 6, maxLength: 30 });

function mask(text: string | Buffer, secret: string): Buffer {
  return replaceBytes(
    Buffer.from(text),
    echoForms(secret).map((find) => ({ find, put: () => Buffer.from("…") })),
  );
}

describe("echoForms()", () => {
  it("finds a value in JSON, in a form, and in base64 and hex at any place", () => {
    fc.assert(
      fc.property(value, fc.string({ maxLength: 5 }), (secret, before) => {
        expect(mask(JSON.stringify([before, secret]), secret).toString()).not.toContain(
          JSON.stringify(secret).slice(1, -1),
        );
        const form = new URLSearchParams({ secret }).toString();
        expect(mask(form, secret).toString()).toBe("secret=…");
        const bytes = Buffer.from(before + secret);
        expect(mask(bytes.toString("base64"), secret).toString()).toContain("…");
        expect(mask(bytes.toString("hex"), secret).toString()).toContain("…");
      }),
    );
  });

  it("masks nothing for a value that stands everywhere by chance", () => {
    expect(echoForms("abc")).toEqual([]);
    expect(echoForms("abcd").map(String)).toEqual(["abcd"]);
  });
});

describe("toJsonForm(), toUrlForm()", () => {
  it("are read back as the value", () => {
    fc.assert(
      fc.property(value, (secret) => {
        expect(JSON.parse(`"${toJsonForm(secret)}"`)).toBe(secret);
        expect(decodeURIComponent(toUrlForm(secret))).toBe(secret);
        expect(toUrlForm(secret)).toMatch(/^[A-Za-z0-9._~%-]*$/u);
      }),
    );
  });
});
