/** The server under the official client, joined in memory. */
import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import type { ToolProvider } from "@toolpocket/core";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  createMcpServer,
  createPocketHandle,
  ERROR_META_KEY,
  type McpServerOptions,
  type PocketHandle,
  watchTools,
} from "../../src/index.ts";
import { createCityPocket, endedWaits, writeAddTool } from "../city-pocket.ts";
import { createProjectFolder } from "../project-folder.ts";

interface Joined {
  readonly client: Client;
  readonly handle: PocketHandle;
  readonly cwd: string;
}

async function join(options: McpServerOptions = {}): Promise<Joined> {
  const cwd = await createProjectFolder();
  const handle = createPocketHandle();
  const pocket = await createCityPocket({ cwd, onProgress: handle.reportProgress });
  handle.swap(await pocket.load());
  onTestFinished(() => pocket.close());
  return { client: await connect(handle, options), handle, cwd };
}

async function connect(source: PocketHandle | ToolProvider, options: McpServerOptions = {}): Promise<Client> {
  const client = new Client({ name: "test", version: "1.0.0" });
  const [here, there] = InMemoryTransport.createLinkedPair();
  await createMcpServer(source, options).connect(there);
  await client.connect(here);
  onTestFinished(() => client.close());
  return client;
}

test("createMcpServer() lists title, schema and what the sandbox makes sure of", async () => {
  const { client } = await join();
  const { tools } = await client.listTools();
  expect(tools.map(({ name, title }) => [name, title])).toEqual([
    ["add", "Add"],
    ["population", "Population"],
    ["slow_start", "Slow start"],
    ["wait", "Wait"],
  ]);
  expect(tools[0]).toMatchObject({
    description: "Adds two numbers.",
    inputSchema: { type: "object", required: ["a", "b"] },
    annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
  });
  expect(tools[1]).not.toHaveProperty("annotations");
});

test("createMcpServer() answers a call with text, and with structured content where the value is an object", async () => {
  const { client } = await join();
  expect(await client.callTool({ name: "add", arguments: { a: 2, b: 3 } })).toMatchObject({
    content: [{ type: "text", text: '{"sum":5}' }],
    structuredContent: { sum: 5 },
  });
  const plain = await client.callTool({ name: "slow_start", arguments: {} });
  expect(plain.content).toEqual([{ type: "text", text: '"ready"' }]);
  expect(plain).not.toHaveProperty("structuredContent");
});

test.each([
  ["the tool fails", { city: "Atlantis" }, "execution_failed", "Atlantis has sunk"],
  ["the input does not fit", { city: 7 }, "invalid_input", "/city"],
])("createMcpServer() answers with isError, code and message when %s", async (_, args, code, text) => {
  const { client } = await join();
  const result = await client.callTool({ name: "population", arguments: args });
  expect(result.isError).toBe(true);
  expect(result.content[0]).toMatchObject({ type: "text", text: expect.stringContaining(text) });
  expect(result._meta?.[ERROR_META_KEY]).toMatchObject({ code });
});

test("createMcpServer() names the nearest tool when there is none of that name", async () => {
  const { client } = await join();
  await expect(client.callTool({ name: "popultion", arguments: {} })).rejects.toMatchObject({
    code: -32_602,
    message: expect.stringContaining('"population"'),
  });
});

test("createMcpServer() answers with the hint when the Pocket cannot run anything", async () => {
  const { client, handle } = await join();
  const pocket = handle.pocket;
  if ("close" in pocket && typeof pocket.close === "function") await pocket.close();
  const result = await client.callTool({ name: "population", arguments: { city: "Seoul" } });
  expect(result).toMatchObject({ isError: true, _meta: { [ERROR_META_KEY]: { code: "ERR_POCKET_CLOSED" } } });
  expect(result.content[0]).toMatchObject({ text: expect.stringContaining("make a new Pocket") });
});

test("createMcpServer() tells each step of a cold start when the client asks for progress", async () => {
  const { client } = await join();
  const steps: unknown[] = [];
  await client.callTool({ name: "slow_start", arguments: {} }, { onprogress: (step) => steps.push(step) });
  expect(steps).toEqual([
    { progress: 1, message: "browser: start" },
    { progress: 2, message: "browser: done" },
  ]);
});

test("createMcpServer() ends a call when the client cancels it", async () => {
  const { client } = await join();
  const before = endedWaits.count;
  const abort = new AbortController();
  const running = client.callTool({ name: "wait", arguments: {} }, { signal: abort.signal });
  setTimeout(() => abort.abort(new Error("the user left")), 50);
  await expect(running).rejects.toThrow("the user left");
  await vi.waitFor(() => expect(endedWaits.count).toBe(before + 1));
});

test("createMcpServer() gives readmes as resources, and names the nearest when there is none", async () => {
  const { client } = await join();
  const uri = "pocket://tools/add/readme";
  expect((await client.listResources()).resources).toMatchObject([{ uri, mimeType: "text/markdown" }]);
  expect((await client.readResource({ uri })).contents).toMatchObject([{ uri, text: "# add\nIt adds.\n" }]);
  await expect(client.readResource({ uri: "pocket://tools/ad/readme" })).rejects.toThrow(uri);
  await expect(client.readResource({ uri: "file:///etc/passwd" })).rejects.toThrow("there is no resource");
});

test("createMcpServer() tells its client when a tool's folder was edited", async () => {
  const { client, handle, cwd } = await join();
  const told = vi.fn<() => void>();
  client.setNotificationHandler("notifications/tools/list_changed", told);
  await client.listTools();
  onTestFinished(watchTools(handle, 20));
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(told).not.toHaveBeenCalled();

  await writeAddTool(cwd, "Adds two numbers, and is proud of it.");
  await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(1));

  expect((await client.listTools()).tools[0]?.description).toBe("Adds two numbers, and is proud of it.");
});

test("createMcpServer() serves another Pocket after the handle was given one", async () => {
  const { client, handle } = await join();
  const told = vi.fn<() => void>();
  client.setNotificationHandler("notifications/tools/list_changed", told);
  handle.swap({ tools: async () => [], invoke: () => Promise.reject(new Error("none")) });
  await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(1));
  expect((await client.listTools()).tools).toEqual([]);
});

test("createMcpServer() gives every typed output as structured content with its schema", async () => {
  const outputSchema = { type: "object", properties: { sum: { type: "number" } }, required: ["sum"] };
  const usage = { durationMs: 1, coldStart: false };
  const info = { name: "typed", description: "Typed.", inputSchema: { type: "object" }, outputSchema };
  const client = await connect({
    tools: async () => [
      { ...info, runtime: "node", source: "local:.", permissions: { asked: {}, granted: { network: ["a.example"] } } },
    ],
    invoke: async () => ({ status: "ok", output: "5", value: { sum: 5 }, stdout: "", stderr: "", usage }),
  });
  expect((await client.listTools()).tools[0]).toMatchObject({ outputSchema, annotations: { openWorldHint: true } });
  expect(await client.callTool({ name: "typed", arguments: {} })).toMatchObject({ structuredContent: { sum: 5 } });
});
