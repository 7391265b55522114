import { describe, expect, it } from "vitest";
import { coversPermission, findUngranted, joinPermissions } from "../src/cover-permissions.ts";

describe("coversPermission()", () => {
  it.each([
    ["network", "*.a.example", "GET https://api.a.example/v1", true],
    ["network", "a.example", "*.a.example", false],
    ["network", "GET a.example", "a.example", false],
    ["network", "not a rule at all", "a.example", false],
    ["env", "HOME", "HOME", true],
    ["env", "HOME", "HOM", false],
    ["storage", "write:./data", "read:data", true],
    ["storage", "read:./data", "write:data", false],
  ] as const)("%s: %j and %j give %s", (kind, granted, asked, covered) => {
    expect(coversPermission(kind, granted, asked)).toBe(covered);
  });
});

describe("findUngranted()", () => {
  it("finds what no grant covers, and what is denied", () => {
    const asked = { network: ["a.example", "b.example", "c.example"], env: ["HOME"], storage: [] };
    const granted = { network: ["a.example", "c.example"], env: ["HOME"] };
    expect(findUngranted(asked, granted, { network: ["c.example"] })).toEqual({ network: ["b.example", "c.example"] });
  });
});

describe("joinPermissions()", () => {
  it("has each entry once, and no empty kinds", () => {
    expect(joinPermissions({ network: ["a", "b"], env: [] }, { network: ["b", "c"] })).toEqual({
      network: ["a", "b", "c"],
    });
  });
});
