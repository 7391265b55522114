import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readInputText } from "../../src/validation/input-text.ts";
import { DEFAULT_MAX_INPUT_BYTES } from "../../src/limits.ts";

describe("readInputText()", () => {
  it("takes the text of an object for the object, and keeps it as it was written", () => {
    const text = ' {"query":  "hello"}\n';
    expect(readInputText(text)).toEqual({ value: { query: "hello" }, text });
  });

  it.each(["hello", "", "[1]", '"{}"', "5"])("takes %j for a text of its own", (text) => {
    expect(readInputText(text)).toEqual({ value: text, text });
  });

  it("keeps no text that is a broken object", () => {
    expect(readInputText('{"a":')).toEqual({ value: '{"a":' });
  });

  it.each([
    '{"a":1,"a":2}',
    '{"a":{"b":1,"b":2}}',
    String.raw`{"a":1,"\u0061":2}`,
    '{"list":[{"x":1},{"x":1,"x" :2}]}',
  ])("keeps no text out of which another parser can read something else: %s", (text) => {
    expect(readInputText(text)).toEqual({ value: JSON.parse(text) });
  });

  it("keeps no text that is larger than an input may be", () => {
    expect(readInputText(`{${" ".repeat(DEFAULT_MAX_INPUT_BYTES)}}`)).toEqual({ value: {} });
  });

  it("is done at once with one long string", () => {
    const text = JSON.stringify({ long: String.raw`\"`.repeat(200_000) });
    const started = performance.now();
    expect(readInputText(text).text).toBe(text);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it("keeps the text of every object, however it is spaced", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom("", " ", "\t\n"), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(readInputText(text)).toEqual({ value: JSON.parse(text), text });
      }),
    );
  });
});
