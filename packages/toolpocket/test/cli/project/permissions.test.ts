import { describe, expect, test } from "vitest";
import { parseAllow, withoutPermissions } from "../../../src/cli/project/permissions.ts";

describe("parseAllow()", () => {
  test("gathers values of each kind, each once", () => {
    expect(parseAllow(["network=a.example", "env=HOME", "network=https://b.example:1", "network=a.example"])).toEqual({
      network: ["a.example", "https://b.example:1"],
      env: ["HOME"],
    });
  });

  test.each([
    ["network"],
    ["network="],
    ["=x"],
    ["netwrk=x"],
    ["__proto__=x"],
    ["network=ftp://x"],
    ["env=A-B"],
    ["storage=./data"],
  ])("refuses %s", (value) => {
    expect(() => parseAllow([value])).toThrow(expect.objectContaining({ code: "ERR_POCKET_USAGE" }));
  });
});

describe("withoutPermissions()", () => {
  test("leaves out the entries, and kinds without any", () => {
    expect(withoutPermissions({ network: ["a", "b"], env: ["E"] }, { network: ["b"], env: ["E"] })).toEqual({
      network: ["a"],
    });
  });
});
