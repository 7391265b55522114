import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideNetwork, smallestGrant } from "../../src/network/decide-network.ts";
import { matchNetworkRule } from "../../src/network/match-network-rule.ts";
import { parseNetworkRule } from "../../src/network/parse-network-rule.ts";
import { request, rule } from "./rule-arbitrary.ts";

const grants = (allow: readonly string[], deny: readonly string[] = []) => ({
  allow: allow.map(parseNetworkRule),
  deny: deny.map(parseNetworkRule),
});
const get = (url: string) => ({ method: "GET", url: new URL(url) });

describe("decideNetwork()", () => {
  it("denies by default, and names the smallest grant", () => {
    expect(decideNetwork(grants([]), get("https://a.example:8443/v1?key=1"))).toEqual({
      allowed: false,
      message: "GET https://a.example:8443 is not granted to this tool",
      grant: "GET https://a.example:8443",
    });
  });

  it("lets a deny win over every allow, and names no grant then", () => {
    expect(decideNetwork(grants(["*"], ["*.evil.example"]), get("https://a.evil.example/"))).toEqual({
      allowed: false,
      message: '"*.evil.example" is denied to this tool',
    });
  });

  it("says whether private addresses are meant", () => {
    expect(decideNetwork(grants(["a.example"]), get("https://a.example/"))).toEqual({
      allowed: true,
      isPrivate: false,
    });
    expect(decideNetwork(grants(["a.example", "*.example private"]), get("https://a.example/"))).toEqual({
      allowed: true,
      isPrivate: true,
    });
    expect(decideNetwork(grants(["*"]), get("http://127.0.0.1/"))).toEqual({ allowed: true, isPrivate: false });
  });

  it("names a grant that does allow the request, and only its method and host", () => {
    fc.assert(
      fc.property(request, fc.array(rule, { maxLength: 3 }), (asked, deny) => {
        const decision = decideNetwork({ allow: [], deny }, asked);
        if (decision.allowed) throw new Error("allowed without a grant");
        if (decision.grant === undefined) return;
        const granted = decideNetwork({ allow: [parseNetworkRule(decision.grant)], deny }, asked);
        expect(granted.allowed).toBe(true);
      }),
    );
  });

  it("allows nothing that no entry of allow means, and nothing that one of deny means", () => {
    const rules = fc.array(rule, { maxLength: 5 });
    fc.assert(
      fc.property(rules, rules, request, (allow, deny, asked) => {
        if (!decideNetwork({ allow, deny }, asked).allowed) return;
        expect(allow.some((one) => matchNetworkRule(one, asked))).toBe(true);
        expect(deny.some((one) => matchNetworkRule(one, asked))).toBe(false);
      }),
    );
  });
});

describe("smallestGrant()", () => {
  it("says private for a name whose address is not public", () => {
    expect(smallestGrant(get("http://intranet/x"), { isPrivate: true })).toBe("GET http://intranet private");
    expect(smallestGrant(get("http://[::1]:8080/x"), { isPrivate: true })).toBe("GET http://[::1]:8080");
  });

  it("is absent where no entry can mean the request", () => {
    expect(smallestGrant(get("http://a.example:0/"), { isPrivate: false })).toBeUndefined();
    expect(smallestGrant({ method: "TRACE", url: new URL("http://a.example/") }, { isPrivate: false })).toBeUndefined();
  });
});
