import { describe, expect, it } from "vitest";
import { parseNetworkRule } from "../../src/network/parse-network-rule.ts";
import { bindSecret } from "../../src/secrets/bind-secret.ts";
import { secret, type SecretReference } from "../../src/secrets/secret-reference.ts";
import type { SecretSource } from "../../src/secrets/secret-source.ts";
import { pocketFault } from "../pocket-fault.ts";

const SOURCES: ReadonlyMap<string, SecretSource> = new Map([
  ["KEY", { env: "MY_KEY" }],
  ["HOSTED", { env: "MY_KEY", hosts: ["hosted.example"] }],
]);

const bind = (reference: SecretReference, granted: readonly string[] = []) =>
  bindSecret(reference, { tool: "t", variable: "V", sources: SOURCES, granted: granted.map(parseNetworkRule) });
const hostsOf = (...given: Parameters<typeof bind>) => bind(...given).hosts.map(({ text }) => text);

describe("bindSecret()", () => {
  it("takes the reference's hosts, else the source's, else the tool's only granted host", () => {
    expect(hostsOf(secret("HOSTED", { hosts: ["https://own.example"] }), ["g.example"])).toEqual([
      "https://own.example",
    ]);
    expect(hostsOf(secret("HOSTED"), ["g.example"])).toEqual(["https://hosted.example"]);
    expect(hostsOf(secret("KEY"), ["g.example"])).toEqual(["https://g.example"]);
    expect(hostsOf(secret("KEY"), ["GET https://g.example/a", "POST https://g.example/b"])).toHaveLength(2);
  });

  it("sends no value over http unless the entry says so, or the host is private", () => {
    expect(bind(secret("KEY"), ["g.example:8443"]).hosts).toMatchObject([{ scheme: "https", port: 8443 }]);
    expect(bind(secret("KEY"), ["http://g.example"]).hosts).toMatchObject([{ scheme: "http" }]);
    expect(bind(secret("KEY"), ["127.0.0.1:8080"]).hosts[0]).not.toHaveProperty("scheme");
  });

  it.each([[[]], [["a.example", "b.example"]], [["*.a.example"]], [["*"]]])(
    "refuses a secret without hosts when the tool may reach %j",
    (granted) => {
      const error = pocketFault(() => bind(secret("KEY"), granted));
      expect(error.code).toBe("ERR_POCKET_SECRET_UNBOUND");
      expect(error.hint).toContain('tool_vars = { V = { secret = "KEY", hosts = [');
      expect(bind(secret("KEY", { expose: true }), granted)).toMatchObject({ isExposed: true, hosts: [] });
    },
  );

  it("takes the environment variable of the name where [secrets] has none", () => {
    expect(bind(secret("OTHER", { hosts: ["a.example"] })).source).toEqual({ env: "OTHER" });
    const error = pocketFault(() => bind(secret("KE.Y", { hosts: ["a.example"] })));
    expect(error).toMatchObject({ code: "ERR_POCKET_SECRET_UNBOUND", details: { secret: "KE.Y" } });
    expect(error.message).toContain('did you mean "KEY"?');
  });
});

describe("secret()", () => {
  it("refuses what is no name, and hosts that are none", () => {
    expect(() => secret("a b")).toThrow(TypeError);
    expect(() => secret("")).toThrow(TypeError);
    expect(pocketFault(() => secret("A", { hosts: ["ftp://a.example"] })).code).toBe("ERR_POCKET_SETTINGS_INVALID");
  });
});
