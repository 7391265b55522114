import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { Permissions } from "../src/permissions.ts";
import { resolveGrants } from "../src/resolve-grants.ts";
import { pocketFault } from "./pocket-fault.ts";

const cwd = resolve("/project");
const read = (allow: Permissions, deny: Permissions = {}) => resolveGrants({ tool: "t", cwd, allow, deny });

describe("resolveGrants()", () => {
  it("gives nothing when nothing is allowed", () => {
    expect(read({})).toEqual({ network: { allow: [], deny: [] }, storage: [], environment: [] });
  });

  it("reads network entries of both lists, and leaves the decision to the broker", () => {
    const { network } = read({ network: ["*.a.example"] }, { network: ["x.a.example"] });
    expect(network.allow).toMatchObject([{ host: "*.a.example" }]);
    expect(network.deny).toMatchObject([{ host: "x.a.example" }]);
  });

  it("takes denied names out of the environment", () => {
    expect(read({ env: ["B", "A", "B", "C"] }, { env: ["C", "D"] }).environment).toEqual(["A", "B"]);
  });

  it.each<[string, string, { access: string }[]]>([
    ["write:./data", "read:./data", []],
    ["write:./data", "write:./data", [{ access: "read" }]],
    ["read:./data", "write:./data", [{ access: "read" }]],
    ["write:./data/in", "read:./data", []],
    ["write:./data", "read:./database", [{ access: "write" }]],
    ["private:cache", "private:cache", []],
  ])("of %j denied %j leaves %j", (allow, deny, left) => {
    expect(read({ storage: [allow] }, { storage: [deny] }).storage).toMatchObject(left);
  });

  it("refuses a denied folder inside of a granted one, which it could not hold", () => {
    const error = pocketFault(() => read({ storage: ["read:./data"] }, { storage: ["read:./data/private"] }));
    expect(error).toMatchObject({ code: "ERR_POCKET_SETTINGS_INVALID" });
    expect(error.message).toContain("lies inside of");
  });

  it("names the tool when an entry in code is none", () => {
    const error = pocketFault(() => read({ network: ["ftp://a.example"] }));
    expect(error.message).toContain('the tool "t"');
    expect(error.details).toMatchObject({ tool: "t" });
  });
});
