import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeInvoker, type FakeInvoker } from "@toolpocket/test-kit/fake-invoker";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Invoker } from "../../src/invoker.ts";
import type { PocketOptions } from "../../src/pocket-options.ts";
import { Pocket } from "../../src/pocket/pocket.ts";
import { fromFunction, fromLocal } from "../../src/tool-request.ts";
import { toolFiles, writeFiles, writeTool } from "./tool-folder.ts";

let cwd: string;
let invoker: FakeInvoker;
const opened: Pocket[] = [];

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "pocket-"));
  vi.stubEnv("POCKET_HOME", join(cwd, ".store"));
  vi.stubEnv("CI", undefined);
  invoker = createFakeInvoker();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((pocket) => pocket.close()));
  vi.unstubAllEnvs();
  await rm(cwd, { recursive: true, force: true });
});

function open(options: PocketOptions = {}): Pocket {
  const pocket = new Pocket({ cwd, invoker, ...options });
  opened.push(pocket);
  return pocket;
}

/** A Pocket that makes its own invoker, and counts how often. */
class CountingPocket extends Pocket {
  made: FakeInvoker[] = [];

  protected override createInvoker(): Invoker {
    const made = createFakeInvoker();
    this.made.push(made);
    return made;
  }
}

const ADD = fromFunction({
  name: "add",
  description: "Adds two numbers",
  inputSchema: { type: "object", properties: { a: { type: "number" }, b: { type: "number" } }, required: ["a", "b"] },
  run: ({ a, b }: { a: number; b: number }) => a + b,
});

describe("Pocket.load()", () => {
  it("writes local tools into pocket.lock by relative path, and functions not at all", async () => {
    await writeTool(join(cwd, "tools/weather"));
    await open({ tools: ["./tools/weather", ADD] }).load();
    expect(await readFile(join(cwd, "pocket.lock"), "utf8")).toContain(
      'name = "weather"\nsource = "local"\npath = "tools/weather"\n',
    );
    expect(await readFile(join(cwd, "pocket.lock"), "utf8")).not.toContain("add");
  });

  it("takes the tools of settings.toml when none are given", async () => {
    await writeTool(join(cwd, "w"));
    await writeFile(join(cwd, "settings.toml"), '[tools.forecast]\nlocal = "./w"\ntool_vars = { unit = "imperial" }\n');
    const pocket = open();
    expect((await pocket.tools()).map(({ name }) => name)).toEqual(["forecast"]);
    expect(await pocket.invoke("forecast", { city: "Seoul" })).toMatchObject({ output: "sunny in Seoul, imperial" });
  });

  it("has no tools, and makes no file, when nobody names any", async () => {
    expect(await open().tools()).toEqual([]);
    expect(await readdir(cwd)).toEqual([]);
  });

  it("works once for all callers, and again after a failure", async () => {
    const pocket = open({ tools: ["./late"] });
    const results = await Promise.allSettled([pocket.load(), pocket.tools(), pocket.invoke("weather", {})]);
    for (const result of results) {
      expect(result).toMatchObject({ status: "rejected", reason: { code: "ERR_POCKET_PATH_NOT_FOUND" } });
    }
    await writeTool(join(cwd, "late"));
    expect(await pocket.load()).toBe(pocket);
    expect((await pocket.tools()).map(({ name }) => name)).toEqual(["weather"]);
  });

  it("does not miss the entry of a local tool when the lock is frozen", async () => {
    await writeTool(join(cwd, "w"));
    vi.stubEnv("CI", "true");
    await open({ tools: ["./w"] }).load();
    expect(await readdir(cwd)).toEqual(["w"]);
  });

  it("throws ERR_POCKET_TOOL_DUPLICATE with both sources and a way out when two tools have one name", async () => {
    await writeTool(join(cwd, "a"));
    await writeTool(join(cwd, "b"));
    await expect(open({ tools: ["./a", "./b"] }).load()).rejects.toMatchObject({
      code: "ERR_POCKET_TOOL_DUPLICATE",
      message: '2 tools are named "weather": local:./a and local:./b',
      hint: expect.stringContaining('{ name: "weather_2" }'),
    });
    const renamed = open({ tools: ["./a", fromLocal("./b", { name: "weather_2" })] });
    expect((await renamed.tools()).map(({ name }) => name)).toEqual(["weather", "weather_2"]);
  });

  it("throws ERR_POCKET_SYNC_FAILED that lists each failure with its tool when several fail", async () => {
    const failing = open({ tools: ["./a", fromLocal("./b", { name: "bee" }), "https://me:pw@host.example/x/y"] });
    await expect(failing.load()).rejects.toMatchObject({
      code: "ERR_POCKET_SYNC_FAILED",
      message: expect.stringMatching(/^3 tools failed/u),
      details: {
        failures: [
          { source: "./a", code: "ERR_POCKET_PATH_NOT_FOUND" },
          { source: "./b", tool: "bee", code: "ERR_POCKET_PATH_NOT_FOUND" },
          { code: "ERR_POCKET_SOURCE_INVALID" },
        ],
      },
    });
    const told = JSON.stringify(await failing.load().catch((error: unknown) => error));
    expect(told).not.toContain("me:pw");
    expect(await readdir(cwd)).toEqual([]);
  });

  it("throws ERR_POCKET_USAGE when a request gives a name that models do not take", async () => {
    await writeTool(join(cwd, "a"));
    await expect(open({ tools: [fromLocal("./a", { name: "the weather!" })] }).load()).rejects.toMatchObject({
      code: "ERR_POCKET_USAGE",
      hint: expect.stringContaining('"the_weather"'),
    });
  });

  it("throws ERR_POCKET_VARIABLE_UNKNOWN with the nearest when code or settings set one that no tool declares", async () => {
    await writeTool(join(cwd, "a"));
    await expect(open({ tools: [fromLocal("./a", { toolVars: { units: "x" } })] }).load()).rejects.toMatchObject({
      code: "ERR_POCKET_VARIABLE_UNKNOWN",
      message: expect.stringContaining('did you mean "unit"?'),
    });
    await writeFile(join(cwd, "settings.toml"), '[tools.weather]\nlocal = "./a"\n[tool_vars]\nunits = "x"\n');
    await expect(open().load()).rejects.toMatchObject({ code: "ERR_POCKET_VARIABLE_UNKNOWN" });
    await open({ tools: ["./a"] }).load();
  });

  it("throws ERR_POCKET_MANIFEST_INVALID when the schema of a function is none", async () => {
    const broken = fromFunction({ name: "f", description: "", inputSchema: { type: "strin" }, run: () => 1 });
    await expect(open({ tools: [broken] }).load()).rejects.toMatchObject({
      code: "ERR_POCKET_MANIFEST_INVALID",
      message: expect.stringContaining('fromFunction "f"'),
    });
  });
});

describe("Pocket.brokenTools()", () => {
  it("lists the broken tool with its reason, and the others work", async () => {
    await writeTool(join(cwd, "good"));
    await writeFiles(join(cwd, "bad"), { ...toolFiles({ name: "bad" }), "schema.json": "{" });
    const pocket = open({ tools: ["./good", "./bad"] });
    expect(await pocket.brokenTools()).toEqual([
      { name: "bad", source: "local:./bad", reason: expect.stringContaining("schema.json") },
    ]);
    expect((await pocket.tools()).map(({ name }) => name)).toEqual(["weather"]);
    expect(await pocket.invoke("weather", { city: "Seoul" })).toMatchObject({ status: "ok" });
    await expect(pocket.invoke("bad", {})).rejects.toMatchObject({
      code: "ERR_POCKET_TOOL_BROKEN",
      message: expect.stringContaining("schema.json"),
    });
  });

  it("throws the tool's own error when the only tool is broken, and all of them when all are", async () => {
    await writeFiles(join(cwd, "a"), { "config.toml": "name = 3" });
    await writeFiles(join(cwd, "b"), { "readme.txt": "nothing" });
    await expect(open({ tools: ["./a"] }).load()).rejects.toMatchObject({ code: "ERR_POCKET_MANIFEST_INVALID" });
    await expect(open({ tools: ["./a", "./b"] }).load()).rejects.toMatchObject({
      code: "ERR_POCKET_SYNC_FAILED",
      details: { failures: [{ tool: "a" }, { tool: "b" }] },
    });
  });

  it("gives way to a sound tool when the broken one's name can only be guessed", async () => {
    await writeTool(join(cwd, "x"));
    await writeFiles(join(cwd, "weather"), { "config.toml": "" });
    const pocket = open({ tools: ["./weather", "./x"] });
    expect((await pocket.brokenTools()).map(({ name }) => name)).toEqual(["weather-2"]);
    expect((await pocket.tools()).map(({ name }) => name)).toEqual(["weather"]);
  });
});

describe("Pocket.invoke()", () => {
  it("runs a script with its input and variables, and gives the outcome", async () => {
    await writeTool(join(cwd, "weather"));
    const request = fromLocal("./weather", { toolVars: { unit: "\"'`\\ ${1} </script>\n\u{1F642}" } });
    expect(await open({ tools: [request] }).invoke("weather", { city: "Seoul" })).toMatchObject({
      status: "ok",
      output: "sunny in Seoul, \"'`\\ ${1} </script>\n\u{1F642}",
      usage: { coldStart: true },
    });
  });

  it("prefers code over the tool's settings, those over shared ones, and those over the tool's own", async () => {
    await writeTool(join(cwd, "weather"));
    const output = async (options: PocketOptions): Promise<unknown> => open(options).invoke("weather", { city: "X" });
    expect(await output({ tools: ["./weather"] })).toMatchObject({ output: "sunny in X, metric" });
    await writeFile(join(cwd, "settings.toml"), '[tool_vars]\nunit = "shared"\n');
    expect(await output({ tools: ["./weather"] })).toMatchObject({ output: "sunny in X, shared" });
    await writeFile(
      join(cwd, "settings.toml"),
      '[tools.weather]\ntool_vars = { unit = "own" }\n[tool_vars]\nunit = "shared"\n',
    );
    expect(await output({ tools: ["./weather"] })).toMatchObject({ output: "sunny in X, own" });
    const code = fromLocal("./weather", { toolVars: { unit: "code" } });
    expect(await output({ tools: [code] })).toMatchObject({ output: "sunny in X, code" });
  });

  it("gives the guest the granted environment only", async () => {
    vi.stubEnv("GRANTED", "yes");
    vi.stubEnv("SECRET", "no");
    await writeTool(join(cwd, "env"), {
      name: "env",
      code: "console.log(JSON.stringify(process.env))",
      schema: { type: "object" },
    });
    const outcome = await open({ tools: [fromLocal("./env", { allow: { env: ["GRANTED", "UNSET"] } })] }).invoke(
      "env",
      {},
    );
    const seen: unknown = outcome.status === "ok" ? JSON.parse(outcome.output) : outcome;
    expect(seen).toEqual({ GRANTED: "yes", unit: "metric" });
  });

  it("throws ERR_POCKET_TOOL_UNKNOWN with the nearest name when there is no such tool", async () => {
    await expect(open({ tools: [ADD] }).invoke("ad", {})).rejects.toMatchObject({
      code: "ERR_POCKET_TOOL_UNKNOWN",
      message: 'there is no tool "ad", did you mean "add"?',
      hint: "call one of add",
    });
    await expect(open({ tools: [ADD] }).invoke("constructor", {})).rejects.toMatchObject({
      code: "ERR_POCKET_TOOL_UNKNOWN",
    });
  });

  it.each([
    ["misses a key", { days: 1 }, "/city", /required/u],
    ["has a key of another type", { city: 3 }, "/city", /must be string/u],
    ["has an unknown key", { city: "x", cty: "y" }, "/cty", /./u],
    ["is a list", ["x"], "", /must be object/u],
    ["is text without JSON", "Seoul", "", /must be object/u],
    ["holds a bigint", { city: "x", days: 1n }, "/days", /bigint/u],
    ["holds a function", { city: () => "x" }, "/city", /function/u],
    ["is undefined", undefined, "", /nothing/u],
  ])("is invalid_input with the path, and starts no invoker, when the input %s", async (_, input, path, message) => {
    await writeTool(join(cwd, "weather"));
    await using pocket = new CountingPocket({ cwd, tools: ["./weather"] });
    const outcome = await pocket.invoke("weather", input);
    expect(outcome).toMatchObject({
      status: "error",
      error: {
        code: "invalid_input",
        reason: "tool_invalid_input",
        retryable: false,
        message: expect.stringMatching(message),
      },
    });
    expect(outcome.status === "ok" ? undefined : outcome.error.details).toMatchObject({ faults: [{ path }] });
    expect(pocket.made).toHaveLength(0);
  });

  it("is invalid_input when the input refers to itself", async () => {
    const input: Record<string, unknown> = { a: 1, b: 2 };
    input.self = input;
    expect(await open({ tools: [ADD] }).invoke("add", input)).toMatchObject({ error: { code: "invalid_input" } });
  });

  it("takes the JSON text of an object for the object", async () => {
    expect(await open({ tools: [ADD] }).invoke("add", ' {"a": 1, "b": 2}')).toMatchObject({ output: "3", value: 3 });
  });

  it("starts no invoker when the tool is a function", async () => {
    await using pocket = new CountingPocket({ cwd, tools: [ADD] });
    expect(await pocket.invoke("add", { a: 1, b: 2 })).toMatchObject({ status: "ok", value: 3 });
    expect(pocket.made).toHaveLength(0);
  });

  it("makes one invoker at the first call, however many come at once", async () => {
    await writeTool(join(cwd, "weather"));
    await using pocket = new CountingPocket({ cwd, tools: ["./weather"] });
    await pocket.load();
    expect(pocket.made).toHaveLength(0);
    await Promise.all(["a", "b", "c"].map((city) => pocket.invoke("weather", { city })));
    expect(pocket.made).toHaveLength(1);
    await pocket.close();
    expect(pocket.made[0]?.closed).toBe(true);
  });

  it("throws ERR_POCKET_INVOKER_MISSING when there is none and the tool needs one", async () => {
    await writeTool(join(cwd, "weather"));
    const pocket = new Pocket({ cwd, tools: ["./weather", ADD] });
    await expect(pocket.invoke("weather", { city: "x" })).rejects.toMatchObject({ code: "ERR_POCKET_INVOKER_MISSING" });
    expect(await pocket.invoke("add", { a: 1, b: 2 })).toMatchObject({ status: "ok" });
    await pocket.close();
  });

  it("applies the mappers of the request", async () => {
    const doubled = ADD.map((output) => Number(output) * 2).map((output) => `= ${output}`);
    expect(await open({ tools: [doubled] }).invoke("add", { a: 1, b: 2 })).toMatchObject({ output: "= 6", value: 6 });
    expect(await open({ tools: [ADD] }).invoke("add", { a: 1, b: 2 })).toMatchObject({ output: "3" });
  });

  it("ends with timeout when the call's timeoutMs, or the tool's own limit, is over", async () => {
    await writeTool(join(cwd, "loop"), {
      name: "loop",
      code: "for (;;);",
      schema: { type: "object" },
      config: '[limits]\ntimeout = "400ms"',
    });
    const pocket = open({ tools: ["./loop"] });
    expect(await pocket.invoke("loop", {}, { timeoutMs: 200 })).toMatchObject({
      error: { code: "timeout", retryable: true },
    });
    expect(await pocket.invoke("loop", {})).toMatchObject({ error: { code: "timeout" } });
    expect(invoker.runs.map(({ request }) => request.timeoutMs)).toEqual([200, 400]);
    await expect(pocket.invoke("loop", {}, { timeoutMs: 0 })).rejects.toThrow(RangeError);
    await expect(pocket.invoke("loop", {}, { timeoutMs: Number.NaN })).rejects.toThrow(RangeError);
  });

  it("rejects with the signal's reason when that is aborted before, while loading, or during the call", async () => {
    await writeTool(join(cwd, "loop"), { name: "loop", code: "for (;;);", schema: { type: "object" } });
    const reason = new Error("enough");
    const pocket = open({ tools: ["./loop"] });
    await expect(pocket.invoke("loop", {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(invoker.runs).toHaveLength(0);
    const aborting = new AbortController();
    const running = pocket.invoke("loop", {}, { signal: aborting.signal });
    setTimeout(() => aborting.abort(reason), 200);
    await expect(running).rejects.toBe(reason);
  });

  it("gives sandboxes of their own to tools that differ in name, content, limits or grants", async () => {
    await writeTool(join(cwd, "weather"));
    const idOf = async (...tools: PocketOptions["tools"] & object): Promise<string | undefined> => {
      const fresh = createFakeInvoker();
      await using pocket = new Pocket({ cwd, invoker: fresh, tools });
      await pocket.warm();
      return fresh.warmed[0]?.id;
    };
    const plain = await idOf("./weather");
    expect(await idOf(fromLocal("./weather"))).toBe(plain);
    const ids = [
      plain,
      await idOf(fromLocal("./weather", { name: "other" })),
      await idOf(fromLocal("./weather", { limits: { timeoutMs: 5 } })),
      await idOf(fromLocal("./weather", { allow: { network: ["a.example"] } })),
    ];
    await writeFile(join(cwd, "weather/index.js"), "changed");
    expect(new Set([...ids, await idOf("./weather")])).toHaveLength(5);
  });
});

describe("Pocket.invoke() of a local tool that is edited", () => {
  it("runs the new code at the next call, and mends itself after a broken state", async () => {
    await writeTool(join(cwd, "weather"));
    const pocket = open({ tools: ["./weather"] });
    expect(await pocket.invoke("weather", { city: "X" })).toMatchObject({ output: "sunny in X, metric" });

    await writeTool(join(cwd, "weather"), { code: 'process.stdout.write(require("./helper.js"));' });
    await writeFile(join(cwd, "weather/helper.js"), 'module.exports = "rainy";');
    expect(await pocket.invoke("weather", { city: "X" })).toMatchObject({ output: "rainy" });

    await writeFile(join(cwd, "weather/schema.json"), "{");
    await expect(pocket.invoke("weather", { city: "X" })).rejects.toMatchObject({ code: "ERR_POCKET_TOOL_BROKEN" });
    expect(await pocket.brokenTools()).toHaveLength(1);

    await writeFile(join(cwd, "weather/schema.json"), '{"type": "object"}');
    expect(await pocket.invoke("weather", {})).toMatchObject({ output: "rainy" });
    expect(await pocket.tools()).toMatchObject([{ inputSchema: { type: "object" } }]);

    await rm(join(cwd, "weather"), { recursive: true });
    await expect(pocket.invoke("weather", {})).rejects.toMatchObject({ code: "ERR_POCKET_TOOL_BROKEN" });
    await mkdir(join(cwd, "weather"));
    await writeTool(join(cwd, "weather"));
    expect(await pocket.invoke("weather", { city: "X" })).toMatchObject({ output: "sunny in X, metric" });
  });

  it("keeps the sandbox when nothing but times changed", async () => {
    await writeTool(join(cwd, "weather"));
    const pocket = open({ tools: ["./weather"] });
    await pocket.invoke("weather", { city: "X" });
    await writeTool(join(cwd, "weather"));
    await pocket.invoke("weather", { city: "X" });
    const [first, second] = invoker.runs.map(({ tool }) => tool);
    expect(second).toBe(first);
  });
});

describe("Pocket.tools()", () => {
  it("tells name, description, schema, runtime, source, permissions and readme, in the order of the requests", async () => {
    await writeFiles(join(cwd, "weather"), {
      ...toolFiles({ config: '[permissions]\nnetwork = ["api.example"]' }),
      "README.md": "# Weather\n",
    });
    const tools = await open({
      tools: [ADD, fromLocal("./weather", { allow: { network: ["api.example:443"] } })],
    }).tools();
    expect(tools).toMatchObject([
      { name: "add", description: "Adds two numbers", runtime: "function", source: "function:add" },
      {
        name: "weather",
        description: "Tells the weather",
        inputSchema: { required: ["city"] },
        runtime: "node",
        source: "local:./weather",
        permissions: { asked: { network: ["api.example"] }, granted: { network: ["api.example:443"] } },
        readme: "# Weather\n",
      },
    ]);
  });
});

describe("Pocket.close()", () => {
  it("is idempotent, closes the invoker, and everything after throws ERR_POCKET_CLOSED", async () => {
    await writeTool(join(cwd, "weather"));
    const pocket = open({ tools: ["./weather"] });
    await pocket.invoke("weather", { city: "X" });
    await Promise.all([pocket.close(), pocket.close()]);
    await pocket[Symbol.asyncDispose]();
    expect(invoker.closed).toBe(true);
    const closed = { code: "ERR_POCKET_CLOSED" };
    await expect(pocket.load()).rejects.toMatchObject(closed);
    await expect(pocket.tools()).rejects.toMatchObject(closed);
    await expect(pocket.warm()).rejects.toMatchObject(closed);
    await expect(pocket.invoke("weather", { city: "X" })).rejects.toMatchObject(closed);
  });

  it("ends the calls that are under way, sandboxed ones and functions", async () => {
    await writeTool(join(cwd, "loop"), { name: "loop", code: "for (;;);", schema: { type: "object" } });
    const wait = fromFunction({
      name: "wait",
      description: "Waits",
      inputSchema: { type: "object" },
      run: async () => new Promise(() => {}),
    });
    const pocket = open({ tools: ["./loop", wait] });
    const calls = ["loop", "wait"].map((name) =>
      expect(pocket.invoke(name, {})).rejects.toMatchObject({ code: "ERR_POCKET_CLOSED" }),
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    await pocket.close();
    await Promise.all(calls);
  });

  it("ends a load that is under way, and starts nothing, when it comes first", async () => {
    await writeTool(join(cwd, "weather"));
    const pocket = new CountingPocket({ cwd, tools: ["./weather"] });
    const call = expect(pocket.invoke("weather", { city: "X" })).rejects.toMatchObject({ code: "ERR_POCKET_CLOSED" });
    await pocket.close();
    await call;
    expect(pocket.made).toHaveLength(0);
  });
});
