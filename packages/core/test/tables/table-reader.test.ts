import { describe, expect, it } from "vitest";
import { keyPath, type TableReader } from "../../src/tables/table-reader.ts";
import { pocketFault } from "../pocket-fault.ts";
import { openTestTable } from "./open-test-table.ts";

describe("openTable()", () => {
  it("reads text, lists, tables and their keys", () => {
    const table = openTestTable('a = "x"\nb = ["y", "z"]\n[c]\nd = 1\n');
    expect(table.keys).toEqual(["a", "b", "c"]);
    expect(table.text("a")).toBe("x");
    expect(table.optionalText("none")).toBeUndefined();
    expect(table.texts("b")).toEqual(["y", "z"]);
    expect(table.texts("none")).toEqual([]);
    expect(table.optionalTable("c")?.value("d")).toBe(1);
    expect(table.optionalTable("none")).toBeUndefined();
  });

  it("does not find what every object inherits", () => {
    expect(openTestTable("").value("constructor")).toBeUndefined();
  });

  it.each<[string, string, (table: TableReader) => unknown, object]>([
    ["a = 5", '"a" must be text, found 5', (table) => table.text("a"), { key: "a", found: "5" }],
    ['a = " "', '"a" is empty', (table) => table.text("a"), { key: "a" }],
    [
      'nmae = "x"',
      '"name" is missing, but there is "nmae"',
      (table) => table.text("name"),
      { key: "name", nearest: "nmae" },
    ],
    ["a = 1979-05-27", '"a" must be text, found a date', (table) => table.text("a"), { key: "a", found: "a date" }],
    ["a = 9007199254740993", '"a" must be text, found 9007199254740993', (table) => table.text("a"), { key: "a" }],
    ['a = "x"', '"a" must be a list of text, found "x"', (table) => table.texts("a"), { key: "a", found: "x" }],
    ["a = ['x', 5]", "found 5 in it", (table) => table.texts("a"), { key: "a", found: "5" }],
    ["a = [1]", '"a" must be a table, found a list', (table) => table.optionalTable("a"), { key: "a" }],
    [
      "[a.b]\nc = true",
      '[a.b] "c" must be text',
      (table) => table.optionalTable("a")?.optionalTable("b")?.text("c"),
      { key: "a.b.c" },
    ],
    [
      "[a]\nrfe = 1",
      'unknown key "rfe", did you mean "ref"?',
      (table) => table.optionalTable("a")?.only(["git", "ref"]),
      { key: "a.rfe", nearest: "ref" },
    ],
  ])("names file, key and what was found in %j", (text, message, read, details) => {
    const error = pocketFault(() => read(openTestTable(text)));
    expect(error.code).toBe("ERR_POCKET_SETTINGS_INVALID");
    expect(error.message).toContain("test.toml: ");
    expect(error.message).toContain(message);
    expect(error.details).toMatchObject({ file: "test.toml", ...details });
    expect(error.hint).toBeTruthy();
  });

  it("cuts and escapes what was found, so that it cannot write on the terminal", () => {
    const error = pocketFault(() => openTestTable(`a = "\\u001b[2J${"x".repeat(300)}"`).texts("a"));
    expect(error.message).not.toContain("\u001B");
    expect(error.message).toContain("⟨U+001B⟩[2J");
    expect(error.message.length).toBeLessThan(200);
  });
});

describe("keyPath()", () => {
  it("puts keys that are not bare in quotes", () => {
    expect(keyPath(["tools", "a.b", "git"])).toBe('tools."a.b".git');
  });
});
