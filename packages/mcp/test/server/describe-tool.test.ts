/** What MCP clients are told of a tool's output: only what they can hold its structured content to. */
import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import type { JsonSchema, JsonValue, Permissions, Runtime, ToolProvider } from "@toolpocket/core";
import { expect, onTestFinished, test } from "vitest";
import { createMcpServer } from "../../src/index.ts";
import { describeTool } from "../../src/server/describe-tool.ts";

const RECORD = { type: "object", properties: { count: { type: "integer" } }, required: ["count"] };
const CIRCLE = { type: "object", properties: { tag: { const: "circle" } }, required: ["tag"] };
const BYTES = {
  anyOf: [
    { type: "string", contentEncoding: "base64" },
    { type: "array", items: { type: "integer" } },
  ],
};

function provide(outputSchema: JsonSchema, value: JsonValue): ToolProvider {
  const about = { name: "typed", description: "Typed.", inputSchema: { type: "object" }, outputSchema };
  const usage = { durationMs: 1, coldStart: false };
  return {
    tools: async () => [{ ...about, runtime: "component", source: "local:.", permissions: { asked: {}, granted: {} } }],
    invoke: async () => ({ status: "ok", output: JSON.stringify(value), value, stdout: "", stderr: "", usage }),
  };
}

const READ_ONLY = { readOnlyHint: true, destructiveHint: false, openWorldHint: false };

test.each<[string, Runtime, Permissions, object | undefined]>([
  ["granted nothing", "component", {}, READ_ONLY],
  ["that reads a folder", "python", { storage: ["read:./in", "read:./more at more"] }, READ_ONLY],
  ["that writes one", "wasm", { storage: ["read:./in", "write:./out"] }, { openWorldHint: false }],
  ["that keeps something", "node", { storage: ["private:notes"] }, { openWorldHint: false }],
  ["with a network", "node", { network: ["a.example"], storage: ["read:./in"] }, { openWorldHint: true }],
  ["that is a function of the program", "function", {}, undefined],
  ["that another server runs", "mcp", {}, undefined],
])("describeTool() says of a tool %s what the sandbox makes sure of", (_what, runtime, granted, annotations) => {
  const about = { name: "tool", description: "", inputSchema: { type: "object" }, source: "local:." };
  const told = describeTool({ ...about, runtime, permissions: { asked: {}, granted } });
  expect(told.annotations).toEqual(annotations);
});

async function connect(provider: ToolProvider): Promise<Client> {
  const client = new Client({ name: "test", version: "1.0.0" });
  const [here, there] = InMemoryTransport.createLinkedPair();
  await createMcpServer(provider).connect(there);
  await client.connect(here);
  onTestFinished(() => client.close());
  return client;
}

// The official client compiles every schema that it is told, and refuses content that does not fit.
test.each<[string, JsonSchema, JsonValue, boolean]>([
  ["a record", RECORD, { count: 1 }, true],
  ["a variant, whose cases are objects", { oneOf: [RECORD, CIRCLE] }, { tag: "circle" }, true],
  ["what may be a record or null", { anyOf: [RECORD, { type: "null" }] }, null, false],
  ["what may be a record or null, and is one", { anyOf: [RECORD, { type: "null" }] }, { count: 1 }, false],
  ["text", { type: "string" }, "x", false],
  ["a list of records", { type: "array", items: RECORD }, [{ count: 1 }], false],
  ["bytes", BYTES, "AAAA", false],
  ["an object or null", { type: ["object", "null"] }, null, false],
  ["what another schema says", { $ref: "#/$defs/x", $defs: { x: { type: "array" } } }, [], false],
  ["no alternative at all", { oneOf: [] }, {}, false],
])("describeTool() tells the output schema of objects alone: %s", async (_what, schema, value, isTold) => {
  const client = await connect(provide(schema, value));
  const [tool] = (await client.listTools()).tools;
  expect(tool?.outputSchema).toEqual(isTold ? { ...schema, type: "object" } : undefined);
  const result = await client.callTool({ name: "typed", arguments: {} });
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  expect(result.structuredContent).toEqual(isObject ? value : undefined);
});
