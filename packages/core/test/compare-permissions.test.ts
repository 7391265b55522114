import { describe, expect, it } from "vitest";
import { comparePermissions, isEmptyPermissions } from "../src/compare-permissions.ts";

describe("comparePermissions()", () => {
  it("tells what was added and what was removed, kind by kind", () => {
    const locked = { network: ["a.example", "b.example"], env: ["HOME"] };
    const current = { network: ["c.example", "b.example", "*.example"], storage: ["read:./data"] };
    expect(comparePermissions(locked, current)).toEqual({
      added: { network: ["*.example", "c.example"], storage: ["read:./data"] },
      removed: { network: ["a.example"], env: ["HOME"] },
    });
  });

  it("is empty when only the order differs", () => {
    const { added, removed } = comparePermissions({ network: ["a", "b"] }, { network: ["b", "a"], env: [] });
    expect([added, removed]).toEqual([{}, {}]);
    expect(isEmptyPermissions(added)).toBe(true);
  });
});

describe("isEmptyPermissions()", () => {
  it("sees one entry of any kind", () => {
    expect(isEmptyPermissions({ env: [] })).toBe(true);
    expect(isEmptyPermissions({ storage: ["read:./x"] })).toBe(false);
  });
});
