/** Wassette's policies, read as what a tool asks for. */
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readPolicy } from "../../src/component/policy-yaml.ts";
import { pocketFault } from "../pocket-fault.ts";

const POLICY = `version: "1.0"
description: "Fetches and keeps"
permissions:
  storage:
    allow:
      - uri: "fs://workspace/**"
        access: [read, write]
      - uri: "fs:///srv/data"
        access: ["read"]
  network:
    allow:
      - host: "*.example.com"
      - host: "api.example.org:8443"
    deny:
      - host: "admin.example.com"
  environment:
    allow:
      - key: API_KEY
  resources:
    limits: { cpu: "500m", memory: "512Mi" }
`;

describe("readPolicy()", () => {
  test("makes permissions, denials and limits of a policy", () => {
    expect(readPolicy(parse(POLICY))).toEqual({
      description: "Fetches and keeps",
      asked: {
        network: ["*.example.com", "api.example.org:8443"],
        env: ["API_KEY"],
        storage: ["write:workspace", "read:/srv/data"],
      },
      denied: { network: ["admin.example.com"] },
      limits: { maxMemoryBytes: 536_870_912 },
      warnings: ["policy.yaml: cpu has no effect, because a call is limited by its time"],
    });
  });

  test.each<[string, string, string, RegExp]>([
    ["an unknown key", "permissions: { networks: {} }", "permissions.networks", /did you mean "network"/u],
    [
      "a range of addresses",
      'permissions: { network: { allow: [{ cidr: "10.0.0.0/8" }] } }',
      "permissions.network.allow.cidr",
      /range of addresses/u,
    ],
    [
      "a host that is none",
      'permissions: { network: { allow: [{ host: "a b" }] } }',
      "permissions.network.allow.host",
      /a b/u,
    ],
    [
      "a pattern of files",
      'permissions: { storage: { allow: [{ uri: "fs://a/*.md", access: [read] }] } }',
      "permissions.storage.allow.uri",
      /not the URI of a folder/u,
    ],
    [
      "no access",
      'permissions: { storage: { allow: [{ uri: "fs://a" }] } }',
      "permissions.storage.allow.access",
      /read or write/u,
    ],
    [
      "an access that is none",
      'permissions: { storage: { allow: [{ uri: "fs://a", access: [run] }] } }',
      "permissions.storage.allow.access",
      /run/u,
    ],
    [
      "a variable that is none",
      "permissions: { environment: { allow: [{ key: A-B }] } }",
      "permissions.environment.allow.key",
      /A-B/u,
    ],
    [
      "a plain list",
      "permissions: { network: { allow: [example.com] } }",
      "permissions.network.allow",
      /entries with keys/u,
    ],
    [
      "an amount that is none",
      'permissions: { resources: { limits: { memory: "much" } } }',
      "permissions.resources.limits.memory",
      /amount/u,
    ],
    ["no policy", "[]", "permissions", /no policy/u],
  ])("refuses %s with its place", (_what, text, key, message) => {
    const fault = pocketFault(() => readPolicy(parse(text)));
    expect(fault).toMatchObject({ code: "ERR_POCKET_MANIFEST_INVALID", details: { file: "policy.yaml", key } });
    expect(fault.message).toMatch(message);
  });
});
