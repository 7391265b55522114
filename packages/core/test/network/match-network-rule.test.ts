import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coversNetworkRule, deniesNetworkRequest, matchNetworkRule } from "../../src/network/match-network-rule.ts";
import { parseNetworkRule } from "../../src/network/parse-network-rule.ts";
import { request, rule } from "./rule-arbitrary.ts";

const get = (url: string) => ({ method: "GET", url: new URL(url) });
const matches = (entry: string, url: string): boolean => matchNetworkRule(parseNetworkRule(entry), get(url));

describe("matchNetworkRule()", () => {
  it.each([
    ["a.example", "http://a.example/"],
    ["a.example", "https://a.example:443/x?y"],
    ["a.example", "https://A.EXAMPLE./"],
    ["*.a.example", "https://b.a.example/"],
    ["*.a.example", "https://c.b.a.example/"],
    ["*", "https://127.0.0.1/"],
    ["bücher.example", "https://xn--bcher-kva.example/"],
    ["127.0.0.1", "http://0x7f.1/"],
    ["127.0.0.1", "http://2130706433/"],
    ["127.0.0.1", "http://0177.0.0.01/"],
    ["[::1]", "http://[0:0::1]/"],
    ["a.example:8443", "https://a.example:8443/"],
    ["https://a.example/v1", "https://a.example/v1"],
    ["https://a.example/v1", "https://a.example/v1/x"],
    ["https://a.example/v1", "https://a.example/%761/x"],
    ["https://a.example/v1/", "https://a.example/v1/"],
    ["GET a.example", "https://a.example/"],
  ])("takes %s for %s", (entry, url) => {
    expect(matches(entry, url)).toBe(true);
  });

  it.each([
    ["a.example", "https://b.a.example/"],
    ["a.example", "https://a.example.evil/"],
    ["a.example", "https://a.example:8443/"],
    ["a.example", "http://a.example:443/"],
    ["https://a.example", "http://a.example/"],
    ["*.a.example", "https://a.example/"],
    ["*.a.example", "https://xa.example/"],
    ["*.a.example", "https://.a.example/"],
    ["*.1.example", "https://1.1.1.1/"],
    ["apple.com", "https://аpple.com/"],
    ["127.0.0.1", "http://[::ffff:127.0.0.1]/"],
    ["POST a.example", "https://a.example/"],
    ["a.example/v1", "https://a.example/v10"],
    ["a.example/v1", "https://a.example/"],
    ["a.example/v1/", "https://a.example/v1"],
    ["a.example/v1", "https://a.example/v1/../admin"],
    ["a.example/v1", "https://a.example/v1/%2e%2e/admin"],
    ["a.example/v1", "https://a.example/v1/..%2fadmin"],
    ["a.example/v1", "https://a.example/v1/%252e%252e/admin"],
    ["a.example/v1", "https://a.example/v1/..;/admin"],
    ["a.example/v1", "https://a.example/v1/..%5cadmin"],
    ["a.example/v1", "https://a.example/v1//admin"],
    ["a.example/v1", "https://a.example/v1/%00"],
    ["a.example/v1", "https://a.example/v1/%zz"],
    ["a.example/v1", "https://a.example/V1"],
  ])("does not take %s for %s", (entry, url) => {
    expect(matches(entry, url)).toBe(false);
  });
});

describe("deniesNetworkRequest()", () => {
  it.each(["/admin", "/admin/x", "/Admin", "/%61dmin", "/admin;x=1/y", "/x/..%2fadmin", "//admin", "/admin%2f"])(
    "denies %s under /admin",
    (path) => {
      const url = `https://a.example${path}`;
      expect(deniesNetworkRequest(parseNetworkRule("a.example/admin"), get(url))).toBe(true);
    },
  );

  it("lets another path pass, and denies the folder itself with its slash or without", () => {
    const denied = parseNetworkRule("a.example/admin/");
    expect(deniesNetworkRequest(denied, get("https://a.example/administration"))).toBe(false);
    expect(deniesNetworkRequest(denied, get("https://a.example/admin"))).toBe(true);
  });

  it("denies whatever the same rule would allow", () => {
    fc.assert(
      fc.property(rule, request, (one, asked) => !matchNetworkRule(one, asked) || deniesNetworkRequest(one, asked)),
    );
  });
});

describe("coversNetworkRule()", () => {
  const covers = (grant: string, asked: string): boolean =>
    coversNetworkRule(parseNetworkRule(grant), parseNetworkRule(asked));

  it.each([
    ["a.example", "https://a.example"],
    ["a.example", "GET http://a.example:80/x"],
    ["*.example", "*.a.example"],
    ["*", "*.example"],
    ["GET,POST a.example", "POST a.example"],
    ["a.example/v1", "a.example/v1/x"],
    ["* private", "127.0.0.1"],
    ["a.example private", "a.example"],
  ])("finds all of %s's in it: %s", (grant, asked) => {
    expect(covers(grant, asked)).toBe(true);
  });

  it.each([
    ["https://a.example", "a.example"],
    ["a.example:443", "a.example"],
    ["a.example", "a.example:8443"],
    ["*.a.example", "a.example"],
    ["*.a.example", "*.example"],
    ["*.example", "*"],
    ["GET a.example", "a.example"],
    ["GET a.example", "GET,POST a.example"],
    ["a.example/v1", "a.example"],
    ["a.example/v1", "a.example/v10"],
    ["*", "127.0.0.1"],
    ["a.example", "a.example private"],
  ])("does not find in %s: %s", (grant, asked) => {
    expect(covers(grant, asked)).toBe(false);
  });

  it("covers itself, and then every request that the asked rule means", () => {
    fc.assert(
      fc.property(rule, rule, request, (grant, asked, sent) => {
        expect(coversNetworkRule(grant, grant)).toBe(true);
        const isFound = coversNetworkRule(grant, asked) && matchNetworkRule(asked, sent);
        expect(!isFound || matchNetworkRule(grant, sent)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
