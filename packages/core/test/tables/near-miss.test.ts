import { describe, expect, it } from "vitest";
import { findForeignKeys, mistypedKey } from "../../src/tables/near-miss.ts";
import { pocketFault } from "../pocket-fault.ts";
import { openTestTable } from "./open-test-table.ts";

describe("mistypedKey()", () => {
  it.each([
    ["langauge", "language"],
    ["permisions", "permissions"],
    ["limit", "limits"],
    ["auht", "auth"],
    ["author", undefined],
    ["version", undefined],
    ["log_level", undefined],
  ])("takes %j for %j", (key, meant) => {
    expect(mistypedKey(key, ["language", "permissions", "limits", "auth"])).toBe(meant);
  });
});

describe("findForeignKeys()", () => {
  it("lists keys of somebody else", () => {
    expect(findForeignKeys(openTestTable("language = 'x'\nauthor = 'y'"), ["language", "auth"])).toEqual(["author"]);
  });

  it("throws with the nearest key when one was mistyped", () => {
    const error = pocketFault(() => findForeignKeys(openTestTable("langauge = 'x'"), ["language"]));
    expect(error.details).toEqual({ file: "test.toml", key: "langauge", found: "langauge", nearest: "language" });
  });
});
