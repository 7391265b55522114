import { describe, expect, it } from "vitest";
import { readPermissions } from "../../src/tables/permissions-table.ts";
import { pocketFault } from "../pocket-fault.ts";
import { openTestTable } from "./open-test-table.ts";

const read = (text: string) => readPermissions(openTestTable(text), "allow");

describe("readPermissions()", () => {
  it("sorts each list and drops repetitions", () => {
    const text =
      'allow = { network = ["b.example:443", "*.a.example", "b.example:443"], env = ["HOME"], storage = ["read:./my data at data"] }';
    expect(read(text)).toEqual({
      network: ["*.a.example", "b.example:443"],
      env: ["HOME"],
      storage: ["read:./my data at data"],
    });
  });

  it("keeps an empty list, and is empty without the key", () => {
    expect(read("allow = { env = [] }")).toEqual({ env: [] });
    expect(read("")).toEqual({});
  });

  it.each([
    ["allow = { netwrok = [] }", "allow.netwrok", 'did you mean "network"?'],
    ['allow = { network = "a.example" }', "allow.network", "must be a list of text"],
    ['allow = { network = ["a b"] }', "allow.network", "no network permission"],
    ['allow = { network = ["a\\u200b.example"] }', "allow.network", "⟨U+200B⟩"],
    ['allow = { env = ["A=B"] }', "allow.env", "no env permission"],
    ['allow = { storage = ["./data"] }', "allow.storage", "no storage permission"],
    ["allow = true", "allow", "must be a table"],
  ])("refuses %j", (text, key, message) => {
    const error = pocketFault(() => read(text));
    expect(error.details).toMatchObject({ file: "test.toml", key });
    expect(error.message).toContain(message);
  });
});
