import { describe, expect, it } from "vitest";
import { encodeRequest } from "../../src/contract/encode-request.ts";
import type { ContractAuth, ContractContext } from "../../src/program.ts";

const limits = { timeoutMs: 30_000, maxMemoryBytes: 67_108_864, maxOutputBytes: 1_048_576, fuel: 1_000_000 };

function encode(contract: Partial<ContractContext> = {}, environment: Record<string, string> = {}) {
  const program = { entrypoint: "run", enableWasi: true, contract: { capabilities: [], ...contract } };
  return encodeRequest('{"query":"search term"}', { tool: "my-tool", program, limits, environment });
}

describe("encodeRequest()", () => {
  it("holds the agent's JSON as text, and leaves out what the tool has not configured", () => {
    expect(encode()).toEqual({
      contract_version: "v1",
      tool: "my-tool",
      input: '{"query":"search term"}',
      runtime: { entrypoint: "run", max_memory_bytes: 67_108_864, fuel: 1_000_000, enable_wasi: true },
    });
  });

  it("tells namespace, capabilities and risk level when the tool has them", () => {
    expect(encode({ namespace: "production", capabilities: ["a.invoke"], riskLevel: "low" })).toMatchObject({
      namespace: "production",
      capabilities: ["a.invoke"],
      risk_level: "low",
    });
  });

  it.each<[ContractAuth["profile"], string, Record<string, string>]>([
    ["bearer", "Authorization", { Authorization: "Bearer k:1" }],
    ["api_key_header", "X-API-Key", { "X-API-Key": "k:1" }],
    ["basic", "Authorization", { Authorization: "Basic azox" }],
    ["oauth2_client_credentials", "Authorization", { Authorization: "Bearer k:1" }],
  ])("gives the credential as a header when auth is %s", (profile, headerName, headers) => {
    const auth = { profile, headerName, environmentName: "KEY" };
    expect(encode({ auth }, { KEY: "k:1" })).toMatchObject({ auth: { profile, headers } });
  });

  it("gives no auth when the user has bound no credential", () => {
    const auth = { profile: "bearer", headerName: "Authorization", environmentName: "KEY" } as const;
    expect(encode({ auth }, { OTHER: "k" })).not.toHaveProperty("auth");
    expect(encode({}, { KEY: "k" })).not.toHaveProperty("auth");
  });
});
