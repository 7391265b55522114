import { describe, expect, test } from "vitest";
import { findMissing, joinPermissions, parseAllow } from "../../../src/cli/project/permissions.ts";

describe("parseAllow()", () => {
  test("gathers values of each kind, each once", () => {
    expect(parseAllow(["network=a.example", "env=HOME", "network=https://b.example:1", "network=a.example"])).toEqual({
      network: ["a.example", "https://b.example:1"],
      env: ["HOME"],
    });
  });

  test.each([["network"], ["network="], ["=x"], ["netwrk=x"], ["__proto__=x"]])("refuses %s", (value) => {
    expect(() => parseAllow([value])).toThrow(expect.objectContaining({ code: "ERR_POCKET_USAGE" }));
  });
});

describe("findMissing() and joinPermissions()", () => {
  test("together give what was asked for", () => {
    const [asked, granted] = [{ network: ["a", "b"], env: ["E"] }, { network: ["b", "c"] }];
    const missing = findMissing(asked, granted);
    expect(missing).toEqual({ network: ["a"], env: ["E"] });
    expect(joinPermissions(granted, missing)).toEqual({ network: ["b", "c", "a"], env: ["E"] });
  });
});
