/** `pocket mcp` as clients use it: the inspector's command line, and the official client where that cannot. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { inspect, type InspectorRun } from "./inspector.ts";
import { createProject, type Project } from "./project-fixture.ts";
import { inFolder, weatherTool } from "./tool-files.ts";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const POCKET = [process.execPath, "--conditions=toolpocket-source", MAIN];

const SLEEPER = {
  "config.toml": 'name = "sleeper"\ndescription = "Never ends."\nlanguage = "node"\n',
  "schema.json": '{"type":"object"}',
  "index.mjs": "export default () => new Promise(() => setInterval(() => {}, 1000));\n",
};

let project: Project;

beforeAll(async () => {
  project = await createProject();
  await project.write({
    ...inFolder("weather", weatherTool()),
    ...inFolder("sleeper", SLEEPER),
    "settings.toml": '[tools.weather]\nlocal = "weather"\n\n[tools.sleeper]\nlocal = "sleeper"\n',
  });
});
afterAll(() => project.remove());

interface HttpServer {
  readonly url: string;
  /** Ends it with the signal, and gives its exit code. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

async function startHttp(...args: string[]): Promise<HttpServer> {
  const [program = "", ...rest] = [...POCKET, "mcp", "--http", "--port", "0", "--cwd", project.folder, ...args];
  const child = spawn(program, rest, {
    env: { ...process.env, POCKET_HOME: project.store },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const findUrl = (): string | undefined => /serving (\S+)/u.exec(stderr)?.[1];
  const stop: HttpServer["stop"] = async (signal) => {
    child.kill(signal);
    const [code]: (number | null)[] = await exited;
    expect(stdout === "" ? {} : JSON.parse(stdout)).toEqual(args.includes("--json") ? { url: findUrl() } : {});
    return code ?? null;
  };
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) await stop("SIGKILL");
  });
  const url = await vi.waitFor(() => {
    const found = findUrl();
    if (found === undefined) throw new Error(`the server does not listen yet: ${stderr}`);
    return found;
  }, 20_000);
  return { url, stop };
}

type Target = "stdio" | "http";

async function inspectProject(kind: Target, ...args: string[]): Promise<InspectorRun> {
  const target = kind === "stdio" ? [...POCKET, "mcp", "--cwd", project.folder] : [(await startHttp()).url];
  return inspect(target, args, { home: project.store });
}

const TARGETS: readonly Target[] = ["stdio", "http"];

test.each(TARGETS)("pocket mcp lists its tools to the inspector over %s", async (kind) => {
  const { exitCode, result } = await inspectProject(kind, "--method", "tools/list");
  expect(exitCode).toBe(0);
  expect(result).toMatchObject({ tools: [{ name: "weather", title: "Weather" }, { name: "sleeper" }] });
});

test.each(TARGETS)("pocket mcp runs a tool in the browser for the inspector over %s", async (kind) => {
  const args = ["--method", "tools/call", "--tool-name", "weather", "--tool-arg", "city=Seoul"];
  const { result } = await inspectProject(kind, ...args);
  expect(result).toMatchObject({ structuredContent: { city: "Seoul", unit: "metric" } });
});

test.each(TARGETS)("pocket mcp tells the inspector what is wrong with a call over %s", async (kind) => {
  const args = ["--method", "tools/call", "--tool-name", "weather", "--tool-arg", "town=Seoul"];
  const { result } = await inspectProject(kind, ...args);
  expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining("invalid_input") }] });
});

test("pocket mcp gives the inspector the readme of a tool", async () => {
  const { result } = await inspectProject(
    "stdio",
    "--method",
    "resources/read",
    "--uri",
    "pocket://tools/weather/readme",
  );
  expect(result).toMatchObject({
    contents: [{ mimeType: "text/markdown", text: expect.stringContaining("# Weather") }],
  });
});

test("pocket mcp refuses the inspector that has no token, and serves the one that has", async () => {
  const { url, stop } = await startHttp("--token", "correct horse", "--json");
  const list = ["--method", "tools/list"];
  expect((await inspect([url], list, { home: project.store })).exitCode).not.toBe(0);
  const header = ["--header", "Authorization: Bearer correct horse"];
  expect((await inspect([url], [...list, ...header], { home: project.store })).exitCode).toBe(0);
  expect(await stop("SIGTERM")).toBe(143);
});

interface ConnectOptions {
  readonly args?: readonly string[];
  /** What the person answers; without it the client cannot ask. */
  readonly answer?: (question: string) => boolean;
  readonly mode?: "legacy" | "auto";
}

async function connect({ args = [], answer, mode = "legacy" }: ConnectOptions = {}): Promise<Client> {
  const capabilities = answer === undefined ? {} : { elicitation: { form: {} } };
  const client = new Client({ name: "test", version: "1.0.0" }, { capabilities, versionNegotiation: { mode } });
  if (answer !== undefined) {
    client.setRequestHandler("elicitation/create", ({ params }) => ({
      action: "accept",
      content: { allow: answer(params.message) },
    }));
  }
  const [command = "", ...rest] = [...POCKET, "mcp", "--cwd", project.folder, ...args];
  const { CI: _ci, ...inherited } = process.env;
  const env = Object.fromEntries(
    Object.entries(inherited).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const transport = new StdioClientTransport({
    command,
    args: rest,
    env: { ...env, POCKET_HOME: project.store },
    stderr: "pipe",
  });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return client;
}

test("pocket mcp tells each step of the cold start, and ends a call that is cancelled", async () => {
  const client = await connect();
  const steps: (string | undefined)[] = [];
  const abort = new AbortController();
  const running = client.callTool(
    { name: "sleeper", arguments: {} },
    {
      signal: abort.signal,
      onprogress: ({ message }) => {
        steps.push(message);
        if (message === "browser: done") setTimeout(() => abort.abort(new Error("the user left")), 200);
      },
    },
  );
  await expect(running).rejects.toThrow("the user left");
  expect(steps).toContain("browser: start");
  const next = await client.callTool({ name: "weather", arguments: { city: "Busan" } });
  expect(next.structuredContent).toEqual({ city: "Busan", unit: "metric" });
});

test.each(["legacy", "auto"] as const)(
  "pocket mcp --manage grants only what a person allows, in the %s era",
  async (mode) => {
    const questions: string[] = [];
    const answer = (question: string): boolean => {
      questions.push(question);
      return !question.includes("evil");
    };
    const client = await connect({ args: ["--manage"], answer, mode });
    const grant = (host: string) =>
      client.callTool({ name: "grant-network-permission", arguments: { component_id: "weather", details: { host } } });

    expect(await grant("evil.example")).toMatchObject({ isError: true });
    expect(await project.read("settings.toml")).not.toContain("evil.example");

    expect(await grant("api.weather.example")).toMatchObject({ structuredContent: { status: "permission granted" } });
    expect(await project.read("settings.toml")).toContain('network = ["api.weather.example"]');
    expect(questions).toEqual([
      expect.stringContaining('the tool "weather" requests to a host: "evil.example"'),
      expect.stringContaining('"api.weather.example"'),
    ]);

    const policy = await client.callTool({ name: "get-policy", arguments: { component_id: "weather" } });
    expect(policy.structuredContent).toMatchObject({
      policy: { permissions: { network: { allow: [{ host: "api.weather.example" }] } } },
    });
    await client.callTool({ name: "reset-permission", arguments: { component_id: "weather" } });
    expect(await project.read("settings.toml")).not.toContain("api.weather.example");
  },
);

test("pocket mcp --manage grants nothing where the client cannot ask a person, and tells what he can do", async () => {
  const client = await connect({ args: ["--manage"] });
  const before = await project.read("settings.toml");
  const result = await client.callTool({
    name: "grant-storage-permission",
    arguments: { component_id: "weather", details: { uri: "fs:///etc/**", access: ["read", "write"] } },
  });
  expect(result).toMatchObject({
    isError: true,
    content: [{ text: expect.stringContaining('allow.storage = ["write:/etc"]') }],
  });
  expect(await project.read("settings.toml")).toBe(before);
});

test("pocket mcp --manage loads and unloads a tool, and tells its client each time", async () => {
  await project.write(
    inFolder("other", { ...weatherTool(), "config.toml": SLEEPER["config.toml"].replaceAll("sleeper", "other") }),
  );
  const client = await connect({ args: ["--manage"] });
  const told = vi.fn<() => void>();
  client.setNotificationHandler("notifications/tools/list_changed", told);
  const names = async () => (await client.listTools()).tools.map(({ name }) => name);
  expect(await names()).toEqual(expect.arrayContaining(["load-component", "weather"]));

  const loaded = await client.callTool({ name: "load-component", arguments: { path: "./other" } });
  expect(loaded.structuredContent).toMatchObject({ id: "other", tools: ["other"] });
  await vi.waitFor(() => expect(told).toHaveBeenCalled());
  expect(await names()).toContain("other");

  await client.callTool({ name: "unload-component", arguments: { id: "other" } });
  expect(await names()).not.toContain("other");
  const wrong = await client.callTool({ name: "unload-component", arguments: { id: "wether" } });
  expect(wrong).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('"weather"') }] });
});

test("pocket mcp offers no tool of management without --manage", async () => {
  const client = await connect();
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["weather", "sleeper"]);
});

test("pocket mcp serves a tool that another command added meanwhile", async () => {
  await project.write(
    inFolder("late", { ...SLEEPER, "config.toml": SLEEPER["config.toml"].replaceAll("sleeper", "late") }),
  );
  const client = await connect();
  const told = vi.fn<() => void>();
  client.setNotificationHandler("notifications/tools/list_changed", told);
  await client.listTools();
  await project.pocket(["add", "./late"]);
  await vi.waitFor(() => expect(told).toHaveBeenCalled(), 10_000);
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain("late");
  await project.pocket(["remove", "late"]);
});

test("pocket mcp ends when its standard input does, and writes nothing that is no message", async () => {
  const initialize = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "raw", version: "1.0.0" } };
  const input = `${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: initialize })}\nno JSON\n`;
  const { exitCode, stdout } = await project.pocket(["mcp"], { input });
  expect(exitCode).toBe(0);
  for (const line of stdout.trimEnd().split("\n")) expect(() => JSON.parse(line)).not.toThrow();
});

test("pocket mcp --print-config prints JSON whose command starts the server", async () => {
  const { stdout } = await project.pocket(["mcp", "--print-config", "claude"]);
  const { command, args } = JSON.parse(stdout).mcpServers.toolpocket;
  const { result } = await inspect([command, ...args], ["--method", "tools/list"], { home: project.store });
  expect(result).toMatchObject({ tools: [{ name: "weather" }, {}] });
});

test("pocket mcp --http says how to do it when everybody could call it", async () => {
  const { exitCode, stderr } = await project.pocket(["mcp", "--http", "--host", "0.0.0.0", "--port", "0"]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("POCKET_MCP_TOKEN");
  expect(stderr).not.toContain("the Pocket is closed");
});
