/** The broker behind real guests in Chromium: what a tool may reach, what it is told, what the run reports. */
import { parseNetworkRule, type RunEvent, type RunnableTool, type RunResult } from "@toolpocket/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createInvokerOn } from "../../src/wasm-invoker.ts";
import { createNodeTool } from "../node-tool.ts";
import { type Internet, openInternet, PUBLIC_ADDRESS, secret, TRUSTED } from "./test-internet.ts";

const VALUE = "s3cr3t/value+of=key";
let internet: Internet;
const invoker = createInvokerOn(
  { ca: TRUSTED, resolve: async () => [PUBLIC_ADDRESS], isPublic: (address) => address === PUBLIC_ADDRESS },
  { maxSandboxes: 2, readyInstances: 0, keepSpare: false },
);

beforeAll(async () => {
  internet = await openInternet((request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ host: request.headers.host, key: request.headers["x-key"] ?? null }));
  });
});
afterAll(async () => {
  await invoker.close();
  await internet.close();
});

const asking = createNodeTool(`
module.exports = async ({ url }) => {
  const answer = await fetch(url, { headers: { "X-Key": process.env.KEY } });
  return [answer.status, await answer.json(), process.env.KEY];
};`);

async function run(allow: readonly string[], url: string): Promise<{ result: RunResult; events: RunEvent[] }> {
  const events: RunEvent[] = [];
  const key = secret("KEY", VALUE, [internet.https("a.example")]);
  const tool: RunnableTool = {
    ...asking,
    id: `network-${allow.join()}`,
    grants: { network: { allow: allow.map(parseNetworkRule), deny: [] }, storage: [] },
  };
  const result = await invoker.run(tool, {
    input: { url },
    environment: { KEY: key.placeholder ?? "" },
    secrets: [key],
    timeoutMs: 30_000,
    onEvent: (event) => events.push(event),
  });
  return { result, events };
}

describe("a tool's network", () => {
  it("reaches the granted host with the secret, which the guest never sees", async () => {
    const url = `${internet.https("a.example")}/path`;
    const { result, events } = await run([internet.https("a.example")], url);
    const [status, body, placeholder] = JSON.parse((result.kind === "exited" && result.value) || "[]");
    expect(status).toBe(200);
    expect(body).toEqual({ host: new URL(url).host, key: placeholder });
    expect(internet.seen.at(-1)?.rawHeaders).toContain(VALUE);
    expect(events).toMatchObject([{ type: "request", method: "GET", url, status: 200 }]);
    expect(JSON.stringify([Buffer.from(result.stdout).toString(), result, events])).not.toContain(VALUE);
    expect(result.denials).toBeUndefined();
  });

  it("reaches nothing else, and the result says what would grant it", async () => {
    const { result, events } = await run([internet.https("b.example")], internet.https("a.example"));
    expect(result.kind === "exited" && result.exitCode).not.toBe(0);
    expect(result.denials).toEqual([
      expect.objectContaining({ kind: "network", grant: `GET ${internet.https("a.example")}` }),
    ]);
    expect(events).toMatchObject([{ type: "denial" }]);
    expect(Buffer.from(result.stderr).toString()).toContain("not granted");
  });

  it("sends a secret to no other host that is granted", async () => {
    const { result } = await run([internet.https("b.example")], internet.https("b.example"));
    expect(result.denials).toEqual([expect.objectContaining({ kind: "secret" })]);
    expect(internet.seen.filter(({ host }) => host.startsWith("b.example"))).toEqual([]);
  });
});
