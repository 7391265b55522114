import fc from "fast-check";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createPathParts } from "../../../../../src/guest/worker/node/builtins/path-parts.ts";

const FLAVOURS = { posix: path.posix, win32: path.win32 };

describe.for(Object.entries(FLAVOURS))("createPathParts() for %s", ([name, flavour]) => {
  const parts = createPathParts(flavour);
  // Left out: shares of a network (\\server\share is no root here), and Node's own oddity that "/.." has an extension.
  const paths = fc
    .stringMatching(name === "posix" ? /^[/.ab ]{0,16}$/u : /^(?:C:)?\\?(?:[.ab ]{1,4}\\?){0,4}$/u)
    .filter((text) => !text.includes(".."));

  it("parses as Node does", () => {
    fc.assert(
      fc.property(paths, (text) => {
        expect(parts.parse(text)).toEqual(flavour.parse(text));
      }),
    );
  });

  it("formats as Node does", () => {
    const part = fc.option(fc.stringMatching(/^[/.ab]{0,4}$/u), { nil: undefined });
    fc.assert(
      fc.property(fc.record({ root: part, dir: part, base: part, name: part, ext: part }), (object) => {
        expect(parts.format(object)).toBe(flavour.format(object as path.FormatInputPathObject));
      }),
    );
  });

  it("throws Node's error when it is given something else", () => {
    expect(() => parts.parse(5)).toThrow(expect.objectContaining({ code: "ERR_INVALID_ARG_TYPE" }));
    expect(() => parts.format(null)).toThrow(expect.objectContaining({ code: "ERR_INVALID_ARG_TYPE" }));
  });
});
