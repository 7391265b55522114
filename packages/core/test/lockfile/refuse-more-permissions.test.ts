import { describe, expect, it } from "vitest";
import { EMPTY_LOCKFILE, type GitLockEntry, type Lockfile } from "../../src/lockfile/lock-entry.ts";
import { refuseMorePermissions } from "../../src/lockfile/refuse-more-permissions.ts";
import type { Permissions } from "../../src/permissions.ts";
import { pocketFault } from "../pocket-fault.ts";

function lockOf(permissions: Permissions, other: Partial<GitLockEntry> = {}): Lockfile {
  const entry: GitLockEntry = {
    name: "weather",
    source: "git",
    url: "https://h.example/o/r",
    ref: "main",
    path: "",
    commit: "0".repeat(40),
    integrity: `sha256-${"0".repeat(64)}`,
    definition: `sha256-${"0".repeat(64)}`,
    permissions,
    wheels: [],
    ...other,
  };
  return { ...EMPTY_LOCKFILE, tools: [entry] };
}

describe("refuseMorePermissions()", () => {
  it("refuses a tool that asks for more under its old name, and says what", () => {
    const [before, after] = [lockOf({ network: ["a.example"] }), lockOf({ network: ["a.example"], env: ["HOME"] })];
    const error = pocketFault(() => refuseMorePermissions(before, after));
    expect(error).toMatchObject({
      code: "ERR_POCKET_UPDATE_REFUSED",
      details: { asked: [{ tool: "weather", added: { env: ["HOME"] } }] },
    });
    expect(error.message).toContain("weather: env HOME");
    expect(error.hint).toContain("--accept-permissions");
  });

  it("lets pass what asks for less, what is new, and what could not be read when it was locked", () => {
    const more = lockOf({ env: ["HOME"] });
    expect(() => refuseMorePermissions(more, lockOf({}))).not.toThrow();
    expect(() => refuseMorePermissions(EMPTY_LOCKFILE, more)).not.toThrow();
    const { definition: _none, ...broken } = lockOf({}).tools[0] as GitLockEntry;
    expect(() => refuseMorePermissions({ ...EMPTY_LOCKFILE, tools: [broken] }, more)).not.toThrow();
  });
});
