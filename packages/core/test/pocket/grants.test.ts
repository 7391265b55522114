/** What a tool of a Pocket gets, and what it does not: environment, variables, secrets; and what listeners are told. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createFakeInvoker } from "@toolpocket/test-kit/fake-invoker";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { RunEvent } from "../../src/run-events.ts";
import { secret } from "../../src/secrets/secret-reference.ts";
import { fromLocal, type ToolRequestOptions } from "../../src/tool-request.ts";
import { usePocketFixture } from "./pocket-fixture.ts";
import { writeTool } from "./tool-folder.ts";

const SHOW_ENVIRONMENT = "console.log(JSON.stringify(process.env));";
const VALUE = "hunter2-hunter2";

const fixture = usePocketFixture();
beforeEach(() => void vi.stubEnv("WEATHER_KEY", VALUE));

/** Calls a tool that does `code`. */
async function call(code: string, request: ToolRequestOptions = {}, config = "") {
  await writeTool(join(fixture.cwd, "w"), { code, schema: { type: "object" }, config });
  const pocket = fixture.open({ tools: [fromLocal("./w", request)] });
  return { pocket, outcome: await pocket.invoke("weather", {}) };
}

async function environmentOf(request: ToolRequestOptions, config = ""): Promise<Record<string, string>> {
  await call(SHOW_ENVIRONMENT, request, config);
  return { ...fixture.invoker.runs[0]?.request.environment };
}

const AUTH = '[auth]\nauth_provider = "slack"\nscopes = []\n';

describe("the environment of a tool", () => {
  it("has the granted names and the tool's variables, and nothing else of the host's", async () => {
    vi.stubEnv("GRANTED", "yes");
    vi.stubEnv("DENIED", "no");
    const allow = { env: ["GRANTED", "DENIED", "NOT_SET"] };
    expect(await environmentOf({ allow, deny: { env: ["DENIED"] } })).toEqual({ GRANTED: "yes", unit: "metric" });
  });

  it("has the token of [auth] under Hyperpocket's name once the user bound it", async () => {
    expect(await environmentOf({}, AUTH)).toEqual({ unit: "metric" });
    const bound = await call(
      SHOW_ENVIRONMENT,
      { toolVars: { SLACK_BOT_TOKEN: secret("WEATHER_KEY", { hosts: ["slack.example"] }) } },
      AUTH,
    );
    expect(JSON.parse(bound.outcome.stdout)).toMatchObject({ SLACK_BOT_TOKEN: "[secret WEATHER_KEY]" });
  });
});

describe("the grants of a tool", () => {
  it("reach the invoker, those of code and of a table without a source together, and are part of the sandbox's identity", async () => {
    await writeFile(
      join(fixture.cwd, "settings.toml"),
      '[tools.weather]\nallow = { network = ["b.example"] }\ndeny = { network = ["c.example"] }\n',
    );
    const { pocket } = await call(SHOW_ENVIRONMENT, { allow: { network: ["a.example"], storage: ["read:./data"] } });
    const [run] = fixture.invoker.runs;
    expect(run?.tool.grants).toMatchObject({
      network: { allow: [{ host: "a.example" }, { host: "b.example" }], deny: [{ host: "c.example" }] },
      storage: [{ name: "data", access: "read", folder: join(fixture.cwd, "data") }],
    });
    expect((await pocket.tools())[0]?.permissions.denied).toEqual({ network: ["c.example"] });
    await call(SHOW_ENVIRONMENT, { allow: { network: ["a.example"] } });
    expect(fixture.invoker.runs[1]?.tool.id).not.toBe(run?.tool.id);
  });

  it("are not those of another tool that the user gave the same name", async () => {
    await writeFile(
      join(fixture.cwd, "settings.toml"),
      '[tools.weather]\nlocal = "./other"\nallow = { network = ["b.example"] }\ntool_vars = { unit = { secret = "WEATHER_KEY" } }\n',
    );
    await call(SHOW_ENVIRONMENT);
    expect(fixture.invoker.runs[0]).toMatchObject({
      tool: { grants: { network: { allow: [] } } },
      request: { environment: { unit: "metric" } },
    });
  });
});

describe("a secret", () => {
  const toolVars = { unit: secret("WEATHER_KEY", { hosts: ["https://a.example"] }) };

  it("is a placeholder in the tool, another in each run, and the invoker knows what it stands for", async () => {
    const { pocket, outcome } = await call(SHOW_ENVIRONMENT, { toolVars });
    await pocket.invoke("weather", {});
    const [one, two] = fixture.invoker.runs.map(({ request }) => request);
    expect(one?.secrets).toEqual([
      {
        name: "WEATHER_KEY",
        value: VALUE,
        placeholder: one?.environment["unit"],
        hosts: [expect.objectContaining({ host: "a.example" })],
      },
    ]);
    expect(one?.environment["unit"]).toMatch(/^pocket-secret-[0-9a-f]{32}$/u);
    expect(two?.environment["unit"]).not.toBe(one?.environment["unit"]);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ unit: "[secret WEATHER_KEY]" });
  });

  it("is clear in the tool when it is exposed, and taken out of all that leaves it", async () => {
    const exposed = { toolVars: { unit: secret("WEATHER_KEY", { expose: true }) } };
    const code = `const key = process.env.unit;
      console.error(Buffer.from("user:" + key).toString("base64"));
      console.log(key, encodeURIComponent(key));
      process.exit(3);`;
    const { outcome } = await call(code, exposed);
    expect(fixture.invoker.runs[0]?.request.environment).toMatchObject({ unit: VALUE });
    expect(outcome).toMatchObject({ status: "error", stdout: "[secret WEATHER_KEY] [secret WEATHER_KEY]\n" });
    expect(JSON.stringify(outcome)).not.toContain(VALUE);
    expect(outcome.stderr).toContain("[secret WEATHER_KEY]");
  });

  it("is taken out of a returned value", async () => {
    await writeTool(join(fixture.cwd, "w"), { schema: { type: "object" } });
    await rm(join(fixture.cwd, "w/index.js"));
    await writeFile(
      join(fixture.cwd, "w/index.mjs"),
      `export default () => ({ key: process.env.unit, [process.env.unit]: 1 });`,
    );
    const pocket = fixture.open({
      tools: [fromLocal("./w", { toolVars: { unit: secret("WEATHER_KEY", { expose: true }) } })],
    });
    const outcome = await pocket.invoke("weather", {});
    expect(outcome).toMatchObject({
      status: "ok",
      value: { key: "[secret WEATHER_KEY]", "[secret WEATHER_KEY]": 1 },
      output: '{"key":"[secret WEATHER_KEY]","[secret WEATHER_KEY]":1}',
    });
  });

  it("stands in no file, no description of the tool and no lock", async () => {
    const { pocket } = await call(SHOW_ENVIRONMENT, { toolVars });
    const lock = await readFile(join(fixture.cwd, "pocket.lock"), "utf8");
    expect(JSON.stringify([await pocket.tools(), lock])).not.toMatch(/hunter2|WEATHER_KEY/u);
  });

  it("that has no value makes the outcome secret_resolution_failed, and nothing is run", async () => {
    vi.stubEnv("WEATHER_KEY", undefined);
    const { outcome } = await call(SHOW_ENVIRONMENT, { toolVars });
    expect(outcome).toMatchObject({
      status: "error",
      error: {
        code: "secret_resolution_failed",
        reason: "tool_secret_resolution_failed",
        message: 'the secret "WEATHER_KEY" has no value: the environment variable WEATHER_KEY: it is not set',
      },
    });
    expect(fixture.invoker.runs).toEqual([]);
  });

  it("without a host to go to is refused at load", async () => {
    await writeTool(join(fixture.cwd, "w"));
    const pocket = fixture.open({ tools: [fromLocal("./w", { toolVars: { unit: secret("WEATHER_KEY") } })] });
    await expect(pocket.load()).rejects.toMatchObject({ code: "ERR_POCKET_SECRET_UNBOUND" });
  });
});

const DENIED: RunEvent = {
  type: "denial",
  kind: "network",
  subject: "GET https://b.example/x",
  message: "GET https://b.example is not granted to this tool",
  grant: "GET https://b.example",
};
const REQUESTED: RunEvent = {
  type: "request",
  method: "GET",
  url: "https://a.example:443/",
  status: 200,
  requestBytes: 0,
  responseBytes: 5,
  durationMs: 1,
};

describe("a tool that was refused something", () => {
  beforeEach(() => {
    fixture.useInvoker(createFakeInvoker({ events: [DENIED] }));
  });

  it("is denied when it fails, with the setting that would grant it", async () => {
    const { outcome } = await call("process.exit(1)", { allow: { network: ["a.example"] } });
    expect(outcome).toMatchObject({
      status: "denied",
      error: {
        code: "permission_denied",
        reason: "tool_permission_denied",
        details: {
          exitCode: 1,
          denials: [{ kind: "network", subject: "GET https://b.example/x" }],
          grant: 'allow = { network = ["a.example", "GET https://b.example"] }',
        },
      },
    });
    expect(outcome.status !== "ok" && outcome.error.message).toContain(
      "the tool was refused: GET https://b.example is not granted to this tool. To grant it, write under [tools.weather] in settings.toml: allow = {",
    );
  });

  it("is ok when it did without, and the outcome says what was refused", async () => {
    const { outcome } = await call("console.log(1)");
    expect(outcome).toMatchObject({ status: "ok", output: "1\n", denials: [{ grant: "GET https://b.example" }] });
  });

  it("keeps the code of a failure that is none of the refusal's", async () => {
    await writeTool(join(fixture.cwd, "w"), { code: "for (;;);", schema: { type: "object" } });
    const pocket = fixture.open({ tools: [fromLocal("./w")] });
    const outcome = await pocket.invoke("weather", {}, { timeoutMs: 300 });
    expect(outcome).toMatchObject({ status: "error", error: { code: "timeout", details: { denials: [{}] } } });
  });
});

describe("Pocket.on()", () => {
  beforeEach(() => {
    fixture.useInvoker(
      createFakeInvoker({ events: [REQUESTED, { ...DENIED, subject: `GET https://b.example/${VALUE}` }] }),
    );
  });

  it("tells of requests, denials and the end of one invocation, without secrets, until it is ended", async () => {
    await writeTool(join(fixture.cwd, "w"), { code: "", schema: { type: "object" } });
    const toolVars = { unit: secret("WEATHER_KEY", { hosts: ["a.example"] }) };
    const pocket = fixture.open({ tools: [fromLocal("./w", { toolVars })] });
    const seen: { invocation: string; status?: unknown }[] = [];
    const offs = (["request", "denial", "invocation"] as const).map((type) =>
      pocket.on(type, (event) => seen.push(event)),
    );
    await pocket.invoke("weather", {});
    expect(seen).toMatchObject([
      { tool: "weather", type: "request", status: 200 },
      { tool: "weather", type: "denial", subject: "GET https://b.example/[secret WEATHER_KEY]" },
      { tool: "weather", status: "ok", durationMs: expect.any(Number), time: expect.stringMatching(/^\d{4}-.*Z$/u) },
    ]);
    expect(new Set(seen.map(({ invocation }) => invocation)).size).toBe(1);
    for (const off of offs) off();
    await pocket.invoke("weather", {});
    expect(seen).toHaveLength(3);
  });

  it("tells how an invocation without an outcome ended", async () => {
    await writeTool(join(fixture.cwd, "w"), { code: "for (;;);", schema: { type: "object" } });
    const pocket = fixture.open({ tools: [fromLocal("./w")] });
    const seen: unknown[] = [];
    pocket.on("invocation", ({ tool, status, code }) => seen.push([tool, status, code]));
    await pocket.invoke("nothing", {}).catch(() => undefined);
    await pocket.invoke("weather", 5);
    const reason = new Error("gone");
    await expect(pocket.invoke("weather", {}, { signal: AbortSignal.timeout(200) })).rejects.not.toBe(reason);
    expect(seen).toEqual([
      ["nothing", "error", "ERR_POCKET_TOOL_UNKNOWN"],
      ["weather", "error", "invalid_input"],
      ["weather", "aborted", undefined],
    ]);
  });

  it("lets no listener harm an invocation, or another listener", async () => {
    await writeTool(join(fixture.cwd, "w"), { code: "console.log(1)", schema: { type: "object" } });
    const pocket = fixture.open({ tools: [fromLocal("./w")] });
    let told = 0;
    pocket.on("invocation", () => {
      throw new Error("a fault of the listener");
    });
    pocket.on("request", async () => Promise.reject(new Error("a fault of the listener")));
    pocket.on("invocation", () => (told += 1));
    expect(await pocket.invoke("weather", {})).toMatchObject({ status: "ok" });
    expect(told).toBe(1);
  });

  it("refuses an event that there is not", () => {
    const on = fixture.open().on as (type: string, listener: () => void) => void;
    expect(() => on.call(fixture.open(), "__proto__", () => undefined)).toThrow(TypeError);
  });
});
