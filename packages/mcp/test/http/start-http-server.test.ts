/** The HTTP server under the official client, in both of its eras, and under requests that it must refuse. */
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { type IncomingHttpHeaders, request } from "node:http";
import { connect as connectTo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  createPocketHandle,
  type HttpServerOptions,
  type McpHttpServer,
  type PocketHandle,
  startMcpHttpServer,
} from "../../src/index.ts";
import { createCityPocket, endedWaits } from "../city-pocket.ts";
import { createProjectFolder } from "../project-folder.ts";

const ERAS = ["legacy", "auto"] as const;
type Era = (typeof ERAS)[number];

async function start(options: HttpServerOptions = {}): Promise<{ server: McpHttpServer; handle: PocketHandle }> {
  const cwd = await createProjectFolder();
  const handle = createPocketHandle();
  const pocket = await createCityPocket({ cwd, onProgress: handle.reportProgress });
  handle.swap(await pocket.load());
  const server = await startMcpHttpServer(handle, { port: 0, ...options });
  onTestFinished(async () => {
    await server.close();
    await pocket.close();
  });
  return { server, handle };
}

async function connect({ url }: McpHttpServer, mode: Era, token?: string): Promise<Client> {
  const client = new Client({ name: "test", version: "1.0.0" }, { versionNegotiation: { mode } });
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  onTestFinished(() => client.close());
  return client;
}

/** As no client of the SDK would send it. */
async function send({ port }: McpHttpServer, headers: Record<string, string>, body = LIST, method = "POST") {
  const base = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  return new Promise<{ status: number; headers: IncomingHttpHeaders; body: string }>((resolve, reject) => {
    const sent = request({ port, host: "127.0.0.1", path: "/mcp", method, headers: { ...base, ...headers } });
    sent.on("response", async (answer) => {
      const { statusCode: status = 0, headers: answered } = answer;
      resolve({ status, headers: answered, body: await text(answer) });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const LIST = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
const INITIALIZE = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "raw", version: "1.0.0" } },
});

test.each(ERAS)("startMcpHttpServer() lists and calls tools for a client of the %s era", async (era) => {
  const { server } = await start();
  const client = await connect(server, era);
  expect((await client.listTools()).tools).toHaveLength(4);
  const result = await client.callTool({ name: "add", arguments: { a: 2, b: 3 } });
  expect(result).toMatchObject({ structuredContent: { sum: 5 } });
});

test.each(ERAS)("startMcpHttpServer() streams progress to a client of the %s era", async (era) => {
  const { server } = await start();
  const client = await connect(server, era);
  const steps: unknown[] = [];
  await client.callTool({ name: "slow_start", arguments: {} }, { onprogress: ({ message }) => steps.push(message) });
  expect(steps).toEqual(["browser: start", "browser: done"]);
});

test.each(ERAS)("startMcpHttpServer() ends a call when a client of the %s era cancels it", async (era) => {
  const { server } = await start();
  const client = await connect(server, era);
  const before = endedWaits.count;
  const abort = new AbortController();
  const running = client.callTool({ name: "wait", arguments: {} }, { signal: abort.signal });
  setTimeout(() => abort.abort(new Error("the user left")), 100);
  await expect(running).rejects.toThrow("the user left");
  await vi.waitFor(() => expect(endedWaits.count).toBe(before + 1));
});

test.each(ERAS)("startMcpHttpServer() tells a client of the %s era that the tools changed", async (era) => {
  const { server, handle } = await start();
  const told = vi.fn<() => void>();
  const client = new Client(
    { name: "test", version: "1.0.0" },
    { versionNegotiation: { mode: era }, listChanged: { tools: { onChanged: told } } },
  );
  await client.connect(new StreamableHTTPClientTransport(new URL(server.url)));
  onTestFinished(() => client.close());
  await new Promise((resolve) => setTimeout(resolve, 200));
  handle.swap({ tools: async () => [], invoke: () => Promise.reject(new Error("none")) });
  await vi.waitFor(() => expect(told).toHaveBeenCalled(), 3_000);
});

test.each([
  ["a page's name was bound to this address", { host: "attacker.example" }],
  ["a page of another site asks", { origin: "https://attacker.example" }],
  ["the origin is opaque", { origin: "null" }],
  ["the host only begins like ours", { host: "localhost.attacker.example" }],
])("startMcpHttpServer() refuses a request when %s", async (_, headers) => {
  const { server } = await start();
  expect((await send(server, headers, INITIALIZE)).status).toBe(403);
});

test.each([
  ["as it is", "my-computer.local", "my-computer.local"],
  ["with its port", "my-computer.local", "my-computer.local:9001"],
  ["in capitals", "My-Computer.LOCAL", "my-computer.local"],
  ["as an address of IPv6", "fd00::1", "[fd00::1]:9001"],
])("startMcpHttpServer() serves who calls it by a name that was allowed, %s", async (_, name, host) => {
  const { server } = await start({ allowedHosts: [name] });
  expect((await send(server, { host }, INITIALIZE)).status).toBe(200);
  expect((await send(server, { origin: `http://${host}` }, INITIALIZE)).status).toBe(200);
  expect((await send(server, { host: "evil.example" }, INITIALIZE)).status).toBe(403);
});

test.each<[string, HttpServerOptions]>([
  ["is no name of a machine", { allowedHosts: ["http://my-computer.local"] }],
  ["is no name of a machine", { allowedHosts: ["my-computer.local:9001"] }],
  ["is no name of a machine", { allowedHosts: ["*"] }],
  ["characters that no request can carry", { token: "Schlüssel" }],
  ["characters that no request can carry", { token: "two\nlines" }],
  ["characters that no request can carry", { token: "" }],
])("startMcpHttpServer() throws ERR_POCKET_SERVER_START for what %s: %o", async (message, options) => {
  const handle = createPocketHandle({ tools: async () => [], invoke: () => Promise.reject(new Error("none")) });
  await expect(startMcpHttpServer(handle, { port: 0, ...options })).rejects.toMatchObject({
    code: "ERR_POCKET_SERVER_START",
    message: expect.stringContaining(message),
  });
});

test("startMcpHttpServer() refuses a request that names no host", async () => {
  const { server } = await start();
  const socket = connectTo({ port: server.port, host: "127.0.0.1" });
  socket.end(`POST /mcp HTTP/1.0\r\ncontent-type: application/json\r\ncontent-length: ${LIST.length}\r\n\r\n${LIST}`);
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 4\d\d /u);
});

test("startMcpHttpServer() gives no page of another site leave to ask", async () => {
  const { server } = await start();
  for (const origin of ["http://localhost:3000", "https://attacker.example"]) {
    const asking = {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type",
    };
    const { status, headers } = await send(server, asking, "", "OPTIONS");
    expect(status).toBeGreaterThanOrEqual(400);
    expect(Object.keys(headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
  }
});

test.each(ERAS)("startMcpHttpServer() serves a client of the %s era that has the token", async (era) => {
  const { server } = await start({ token: "correct horse" });
  const client = await connect(server, era, "correct horse");
  expect((await client.listTools()).tools).toHaveLength(4);
});

test.each([
  ["there is none", {}],
  ["it is another", { authorization: "Bearer wrong" }],
  ["it is only its beginning", { authorization: "Bearer correct" }],
  ["it is of another scheme", { authorization: "Basic correct horse" }],
])("startMcpHttpServer() answers 401 to a request for which it needs a token when %s", async (_, headers) => {
  const { server } = await start({ token: "correct horse" });
  expect((await send(server, headers, INITIALIZE)).status).toBe(401);
});

test("startMcpHttpServer() answers 413 to a body that is too large, said or not", async () => {
  const { server } = await start({ maxBodyBytes: 1_000 });
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: { pad: "x".repeat(5_000) } });
  expect((await send(server, {}, body)).status).toBe(413);
  expect((await send(server, { "transfer-encoding": "chunked" }, body)).status).toBe(413);
});

test.each([
  ["no JSON", "{", "application/json", 400],
  ["another type", LIST, "text/plain", 415],
  ["an unknown session", LIST, "application/json", 404],
])("startMcpHttpServer() refuses a body that is %s", async (what, body, type, status) => {
  const { server } = await start();
  const session: Record<string, string> = what === "an unknown session" ? { "mcp-session-id": "none" } : {};
  expect((await send(server, { "content-type": type, ...session }, body)).status).toBe(status);
});

test("startMcpHttpServer() refuses one session too many, and goes on with the others", async () => {
  const { server } = await start({ maxSessions: 3 });
  const clients = await Promise.all([1, 2, 3].map(() => connect(server, "legacy")));
  expect((await send(server, {}, INITIALIZE)).status).toBe(503);
  for (const client of clients) expect((await client.listTools()).tools).toHaveLength(4);
});

test("startMcpHttpServer() keeps no session for requests that open none", async () => {
  const { server } = await start({ maxSessions: 1 });
  for (let count = 0; count < 5; count += 1) expect((await send(server, {}, LIST)).status).toBe(400);
  expect((await send(server, {}, INITIALIZE)).status).toBe(200);
});

test("startMcpHttpServer() serves many clients at the same time", async () => {
  const { server } = await start();
  const clients = await Promise.all(
    Array.from({ length: 20 }, (_, index) => connect(server, ERAS[index % 2] ?? "auto")),
  );
  const args = { city: "Seoul" };
  const results = await Promise.all(clients.map((client) => client.callTool({ name: "population", arguments: args })));
  expect(results.every(({ structuredContent }) => structuredContent !== undefined)).toBe(true);
});

test("startMcpHttpServer() throws ERR_POCKET_SERVER_START when the port is taken", async () => {
  const { server, handle } = await start();
  await expect(startMcpHttpServer(handle, { port: server.port })).rejects.toMatchObject({
    code: "ERR_POCKET_SERVER_START",
    message: expect.stringContaining("the port is taken"),
  });
});

test("startMcpHttpServer() throws ERR_POCKET_SERVER_START for an address that is another machine's", async () => {
  const handle = createPocketHandle({ tools: async () => [], invoke: () => Promise.reject(new Error("none")) });
  // TEST-NET-1: no machine has it.
  await expect(startMcpHttpServer(handle, { host: "192.0.2.1", port: 0, token: "a" })).rejects.toMatchObject({
    code: "ERR_POCKET_SERVER_START",
    hint: expect.stringContaining("--host"),
  });
});

test("startMcpHttpServer() throws ERR_POCKET_SERVER_START when everybody could call it", async () => {
  const handle = createPocketHandle({ tools: async () => [], invoke: () => Promise.reject(new Error("none")) });
  await expect(startMcpHttpServer(handle, { host: "0.0.0.0", port: 0 })).rejects.toMatchObject({
    code: "ERR_POCKET_SERVER_START",
  });
});

test("close() ends the server while a client listens and another waits for an answer", async () => {
  const { server } = await start();
  const [listening, waiting] = await Promise.all([connect(server, "legacy"), connect(server, "auto")]);
  const calls = [listening, waiting].map((client) =>
    client.callTool({ name: "wait", arguments: {} }).then(
      () => "answered",
      () => "ended",
    ),
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  await server.close();
  await expect(send(server, {})).rejects.toThrow("ECONNREFUSED");
  await Promise.all([listening.close(), waiting.close()]);
  expect(await Promise.all(calls)).not.toContain("answered");
});
