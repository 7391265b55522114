import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPocketError } from "../../src/errors.ts";
import { parseStorageEntry } from "../../src/storage/storage-entry.ts";
import { pocketFault } from "../pocket-fault.ts";

describe("parseStorageEntry()", () => {
  it.each([
    ["read:data", { kind: "folder", access: "read", name: "data", path: "data" }],
    ["read:./data", { kind: "folder", access: "read", name: "data", path: "./data" }],
    ["write:../shared/out/", { kind: "folder", access: "write", name: "out", path: "../shared/out/" }],
    ["read:./My Files at my-files", { kind: "folder", access: "read", name: "my-files", path: "./My Files" }],
    ["write:. at project", { kind: "folder", access: "write", name: "project", path: "." }],
    ["read:look at me", { kind: "folder", access: "read", name: "me", path: "look" }],
    ["read:C:\\Users\\ann\\notes", { kind: "folder", access: "read", name: "notes", path: "C:\\Users\\ann\\notes" }],
    ["private:cache", { kind: "private", name: "cache" }],
  ])("reads %s", (text, entry) => {
    expect(parseStorageEntry(text)).toEqual(entry);
  });

  it.each([
    "./data",
    "reed:./data",
    "read:",
    "read:.",
    "read:..",
    "read:/",
    "read:./My Files",
    "read:./data at ../x",
    "read:./data at .hidden",
    "private:a/b",
    "private:..",
    "private:x.",
    "read:./a\0b",
    `private:${"x".repeat(65)}`,
  ])("refuses %j with ERR_POCKET_STORAGE_INVALID", (text) => {
    expect(pocketFault(() => parseStorageEntry(text)).code).toBe("ERR_POCKET_STORAGE_INVALID");
  });

  it("names the nearest kind when the kind is wrong", () => {
    expect(pocketFault(() => parseStorageEntry("reed:./data")).message).toContain('did you mean "read"?');
  });

  it("gives a name that is one plain segment, or refuses, whatever the text is", () => {
    const text = fc.tuple(fc.constantFrom("read:", "write:", "private:", ""), fc.string({ unit: "grapheme" }));
    fc.assert(
      fc.property(text, ([kind, rest]) => {
        try {
          expect(parseStorageEntry(kind + rest).name).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]*(?<!\.)$/u);
        } catch (error) {
          if (!isPocketError(error)) throw error;
        }
      }),
    );
  });
});
