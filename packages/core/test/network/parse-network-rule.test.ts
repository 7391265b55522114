import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPocketError } from "../../src/errors.ts";
import { formatNetworkRule } from "../../src/network/format-network-rule.ts";
import { parseNetworkRule, readNetworkRule } from "../../src/network/parse-network-rule.ts";
import { ruleText } from "./rule-arbitrary.ts";

describe("parseNetworkRule()", () => {
  it.each([
    ["api.example.com", { host: "api.example.com", isPrivate: false }],
    ["https://api.example.com", { scheme: "https", host: "api.example.com", isPrivate: false }],
    ["HTTPS://API.Example.COM.:8443", { scheme: "https", host: "api.example.com", port: 8443, isPrivate: false }],
    ["https://a.example:443", { scheme: "https", host: "a.example", isPrivate: false }],
    ["http://a.example:443", { scheme: "http", host: "a.example", port: 443, isPrivate: false }],
    ["a.example:0443", { host: "a.example", port: 443, isPrivate: false }],
    [
      "post,get https://a.example/v1/",
      { methods: ["GET", "POST"], scheme: "https", host: "a.example", path: "/v1/", isPrivate: false },
    ],
    ["a.example/%7euser/x y".replace(" ", "%20"), { host: "a.example", path: "/~user/x%20y", isPrivate: false }],
    ["a.example/", { host: "a.example", isPrivate: false }],
    ["*.example.com", { host: "*.example.com", isPrivate: false }],
    ["*", { host: "*", isPrivate: false }],
    ["* private", { host: "*", isPrivate: true }],
    ["bücher.example", { host: "xn--bcher-kva.example", isPrivate: false }],
    ["аpple.com", { host: "xn--pple-43d.com", isPrivate: false }],
    ["intranet private", { host: "intranet", isPrivate: true }],
    ["private", { host: "private", isPrivate: false }],
    ["localhost:8080", { host: "localhost", port: 8080, isPrivate: true }],
    ["app.localhost", { host: "app.localhost", isPrivate: true }],
    ["127.0.0.1", { host: "127.0.0.1", isPrivate: true }],
    ["0x7f.1", { host: "127.0.0.1", isPrivate: true }],
    ["2130706433", { host: "127.0.0.1", isPrivate: true }],
    ["0177.0.0.1", { host: "127.0.0.1", isPrivate: true }],
    ["8.8.8.8", { host: "8.8.8.8", isPrivate: false }],
    ["[::1]:8080", { host: "::1", port: 8080, isPrivate: true }],
    ["https://[2606:4700:0::1111]", { scheme: "https", host: "2606:4700::1111", isPrivate: false }],
    ["[::ffff:127.0.0.1]", { host: "::ffff:7f00:1", isPrivate: true }],
  ])("reads %j", (text, rule) => {
    expect(parseNetworkRule(text)).toEqual({ text, ...rule });
  });

  it.each([
    ["", "names no host"],
    [" ", "names no host"],
    ["https://", "names no host"],
    ["ftp://a.example", 'has the scheme "ftp", did you mean "http"?'],
    ["GTE a.example", 'names "GTE", which is no HTTP method, did you mean "GET"?'],
    ["CONNECT a.example", "names the method CONNECT, which is never sent"],
    ["GET, POST a.example", "has too many words"],
    ["a.example:0", 'has the port "0"'],
    ["a.example:65536", 'has the port "65536"'],
    ["a.example:", 'has the port ""'],
    ["a.example:8o", 'has the port "8o"'],
    ["user:key@a.example", "has the port"],
    ["user@a.example", "holds credentials"],
    ["api.*.example", "has a * in the middle of its host"],
    ["a*.example", "has a * in the middle of its host"],
    ["*.", "has a * in the middle of its host"],
    ["*.127.0.0.1", "has a * before an address"],
    ["*.1", "has a * before an address"],
    ["a..example", "names no valid host"],
    [".example", "names no valid host"],
    ["a.example..", "names no valid host"],
    ["::1", "names no host"],
    ["[::1", "names no valid host"],
    ["1.2.3.256", "names no valid host"],
    ["a.example%2f", "names no valid host"],
    ["a.example\\b", 'has "\\b" behind its host'],
    ["a.example?x", 'has "?x" behind its host'],
    ["a.example/x#y", 'has "/x#y" behind its host'],
    ["a.example/../x", "has a path that can be read in more than one way"],
    ["a.example/%2e%2e/x", "has a path that can be read in more than one way"],
    ["a.example/a%2fb", "has a path that can be read in more than one way"],
    ["a.example//x", "has a path that can be read in more than one way"],
    ["a.\u200Bexample", "holds an invisible character"],
    ["a.example\nb.example", "holds an invisible character"],
    [`${"a.".repeat(130)}example`, "names no valid host"],
  ])("refuses %j: %s", (text, message) => {
    const fault = readNetworkRule(text).fault;
    expect(fault?.message).toContain(message);
    expect(fault?.hint).not.toBe("");
  });

  it("throws ERR_POCKET_SETTINGS_INVALID with the entry and a hint", () => {
    let caught: unknown;
    try {
      parseNetworkRule("a.example:99999");
    } catch (error) {
      caught = error;
    }
    expect(isPocketError(caught) && caught.toJSON()).toMatchObject({
      code: "ERR_POCKET_SETTINGS_INVALID",
      message: 'network entry "a.example:99999" has the port "99999"',
      hint: "write a port from 1 to 65535, or leave out the colon",
    });
  });

  it("reads whatever text into a rule or a fault, and nothing else", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.webUrl()), (text) => {
        const { rule, fault } = readNetworkRule(text);
        return (rule === undefined) !== (fault === undefined);
      }),
    );
  });
});

describe("formatNetworkRule()", () => {
  it("writes what parseNetworkRule() reads as the same rule", () => {
    fc.assert(
      fc.property(ruleText, (text) => {
        const rule = parseNetworkRule(text);
        const formatted = formatNetworkRule(rule);
        expect(parseNetworkRule(formatted)).toEqual({ ...rule, text: formatted });
      }),
    );
  });

  it("says private only where the host does not say so itself", () => {
    expect(formatNetworkRule(parseNetworkRule("localhost private"))).toBe("localhost");
    expect(formatNetworkRule(parseNetworkRule("get  HTTPS://[::1]:443/x"))).toBe("GET https://[::1]/x");
    expect(formatNetworkRule(parseNetworkRule("intranet private"))).toBe("intranet private");
  });
});
