import { inspect } from "node:util";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isPocketError, type PocketError } from "../../src/errors.ts";
import { readSettings } from "../../src/settings/read-settings.ts";
import { settingsFolder } from "./settings-folder.ts";

const SETTINGS = `log_level = "debug"
public_hostname = "agent.example"
public_server_port = 8001

[session]
session_type = "redis"

[auth.slack]
client_id = "x"

[tools.weather]
git = "https://github.com/acme/tools"
ref = "main"
path = "weather"
tool_vars = { unit = "metric" }
allow = { network = ["api.weather.example:443"], env = [], storage = [] }
limits = { timeout = "30s", max_memory_bytes = 268435456 }

[tools.notes]
local = "./notes"

[tool_vars]
unit = "metric"

[secrets]
WEATHER_KEY = { env = "WEATHER_KEY" }

[browser]
path = "/usr/bin/chromium"

[python]
index = "https://index.example/simple"
distribution = false
wheels = ["wheels"]
`;

async function read(
  files: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
  settings?: string,
) {
  const cwd = await settingsFolder(files);
  return readSettings({ cwd, environment, ...(settings !== undefined && { settings }) });
}

async function faultOf(...given: Parameters<typeof read>): Promise<PocketError> {
  const error: unknown = await read(...given).then(
    () => new Error("nothing was thrown"),
    (thrown: unknown) => thrown,
  );
  if (isPocketError(error)) return error;
  throw error;
}

describe("readSettings()", () => {
  it("reads tools, variables, secrets and the browser, and tolerates what is Hyperpocket's", async () => {
    expect(await read({ "settings.toml": SETTINGS })).toEqual({
      file: "settings.toml",
      tools: new Map([
        [
          "weather",
          {
            name: "weather",
            target: { kind: "git", url: "https://github.com/acme/tools", ref: "main", path: "weather" },
            toolVars: { unit: "metric" },
            allow: { network: ["api.weather.example:443"], env: [], storage: [] },
            deny: {},
            limits: { timeout: "30s", maxMemoryBytes: 268_435_456 },
          },
        ],
        [
          "notes",
          {
            name: "notes",
            target: { kind: "local", path: "./notes", module: {} },
            toolVars: {},
            allow: {},
            deny: {},
            limits: {},
          },
        ],
      ]),
      toolVars: { unit: "metric" },
      secrets: new Map([["WEATHER_KEY", { env: "WEATHER_KEY" }]]),
      registries: new Map(),
      browser: { path: "/usr/bin/chromium" },
      python: { index: "https://index.example/simple", distribution: false, wheels: ["wheels"] },
    });
  });

  it("is empty without files", async () => {
    expect(await read({})).toEqual({
      file: "settings.toml",
      tools: new Map(),
      toolVars: {},
      secrets: new Map(),
      registries: new Map(),
      browser: {},
      python: { wheels: [] },
    });
  });

  it("lets the environment win over .secrets.toml, and that over settings.toml, key by key", async () => {
    const files = {
      "settings.toml":
        '[tool_vars]\na = "file"\nb = "file"\nc = "file"\n[tools.t]\nlocal = "./t"\ntool_vars.x = "file"\n',
      ".secrets.toml": '[tool_vars]\nb = "secrets"\nc = "secrets"\n[tools.t]\ntool_vars.y = "secrets"\n',
    };
    const settings = await read(files, { POCKET_TOOL_VARS__c: "environment" });
    expect(settings.toolVars).toEqual({ a: "file", b: "secrets", c: "environment" });
    expect(settings.tools.get("t")?.toolVars).toEqual({ x: "file", y: "secrets" });
  });

  it("reads another file, and .secrets.toml beside it", async () => {
    const settings = await read(
      { "agent.toml": '[tool_vars]\na = "1"', ".secrets.toml": '[tool_vars]\nb = "2"' },
      {},
      "agent.toml",
    );
    expect(settings).toMatchObject({ file: "agent.toml", toolVars: { a: "1", b: "2" } });
  });

  it("throws when a file that was named is missing", async () => {
    const error = await faultOf({}, {}, "agent.toml");
    expect(error).toMatchObject({ code: "ERR_POCKET_SETTINGS_INVALID", details: { file: "agent.toml" } });
    expect(error.message).toContain("there is no settings file at");
  });

  it("throws when the file cannot be read", async () => {
    const cwd = await settingsFolder({});
    await mkdir(join(cwd, "settings.toml"));
    await expect(readSettings({ cwd, environment: {} })).rejects.toMatchObject({
      code: "ERR_POCKET_SETTINGS_INVALID",
      details: { file: "settings.toml" },
    });
  });

  it.each<[string, string, object]>([
    ["a = ", "settings.toml is not valid TOML: line 1, column 5", { line: 1, column: 5 }],
    [
      "[tool_var]\nunit = 'x'",
      'unknown key "tool_var", did you mean "tool_vars"?',
      { key: "tool_var", nearest: "tool_vars" },
    ],
    ["tools = 5", '"tools" must be a table, found 5', { key: "tools" }],
    ["[tools.'a b']\nlocal = 'x'", '"a b" is no name that models take', { key: 'tools."a b"', nearest: "a_b" }],
    ["[tools]\nweather = 'https://x'", '[tools] "weather" must be a table', { key: "tools.weather" }],
    ["[tools.w]\ngti = 'x'", 'unknown key "gti", did you mean "git"?', { key: "tools.w.gti", nearest: "git" }],
    ["[tools.w]\ngit = 5", '"git" must be text, found 5', { key: "tools.w.git" }],
    ["[tools.w]\ngit = 'x'\nlocal = 'y'", '"git" and "local" both say where the tool is', { key: "tools.w.local" }],
    ["[tools.w]\nlocal = 'y'\nref = 'main'", '"ref" stands without "git"', { key: "tools.w.ref" }],
    ["[tools.w]\ngit = 'x'\nref = 2024-01-01", '"ref" must be text, found a date', { key: "tools.w.ref" }],
    ["[tools.w]\ntool_vars = ['x']", '"tool_vars" must be a table', { key: "tools.w.tool_vars" }],
    ["[tools.w.allow]\nnetwork = ['a b']", "no network permission", { key: "tools.w.allow.network" }],
    ["[tools.w.limits]\ntimeout = 5", '"timeout" must be a duration', { key: "tools.w.limits.timeout" }],
    ["[python]\nindx = 'x'", 'unknown key "indx", did you mean "index"?', { key: "python.indx", nearest: "index" }],
    ["[browser]\npaht = 'x'", 'unknown key "paht", did you mean "path"?', { key: "browser.paht", nearest: "path" }],
    ["[secrets.KEY]\nevn = 'X'", 'unknown key "evn" of a secret', { key: "secrets.KEY.evn", nearest: "env" }],
    ["[secrets.KEY]\nenv = 'A B'", '"env" must be the name of an environment variable', { key: "secrets.KEY.env" }],
  ])("names file, key and nearest name when it reads %j", async (text, message, details) => {
    const error = await faultOf({ "settings.toml": text });
    expect(error).toMatchObject({
      code: "ERR_POCKET_SETTINGS_INVALID",
      details: { file: "settings.toml", ...details },
    });
    expect(error.message).toContain(message);
    expect(error.hint).toBeTruthy();
  });

  it("names .secrets.toml when the fault is there", async () => {
    const error = await faultOf({ "settings.toml": "[tools.w]\nlocal = 'x'", ".secrets.toml": "[tools.w]\nrfe = 'x'" });
    expect(error.details).toMatchObject({ file: ".secrets.toml", key: "tools.w.rfe" });
  });

  it("names the environment variable when the fault is there", async () => {
    const error = await faultOf({ "settings.toml": SETTINGS }, { POCKET_TOOLS__WEATHER__LIMITS__TIMEOUT: "soon" });
    expect(error.details).toMatchObject({ key: "tools.weather.limits.timeout", found: "soon" });
    expect(error.message).toContain("the environment variable POCKET_TOOLS__WEATHER__LIMITS__TIMEOUT: ");
  });

  it("reads every source of a secret", async () => {
    const settings = await read({
      "settings.toml": [
        "[secrets]",
        'A = { env = "A", hosts = ["a.example", "GET https://b.example/v1"] }',
        'B = { file = "~/b" }',
        'C = { command = ["op", "read", "op://x"], timeout = "5s" }',
        'D = { command = ["op"] }',
      ].join("\n"),
    });
    expect(Object.fromEntries(settings.secrets)).toEqual({
      A: { env: "A", hosts: ["a.example", "GET https://b.example/v1"] },
      B: { file: "~/b" },
      C: { command: ["op", "read", "op://x"], timeoutMs: 5_000 },
      D: { command: ["op"], timeoutMs: 30_000 },
    });
  });

  it("takes the value of a secret from .secrets.toml, and shows it to nobody", async () => {
    const settings = await read({
      "settings.toml": '[secrets]\nKEY = { env = "OTHER" }',
      ".secrets.toml": '[secrets]\nKEY = "hunter2"',
    });
    const source = settings.secrets.get("KEY");
    expect(source !== undefined && "reveal" in source && source.reveal()).toBe("hunter2");
    expect(JSON.stringify([...settings.secrets])).not.toContain("hunter2");
    expect(inspect(settings, { depth: 10 })).not.toContain("hunter2");
  });

  it("reads a reference to a secret as the value of one tool's variable", async () => {
    const settings = await read({
      "settings.toml":
        '[tools.t]\nlocal = "t"\ntool_vars = { KEY = { secret = "K", hosts = ["a.example"], expose = true }, unit = 1 }',
    });
    expect(settings.tools.get("t")?.toolVars).toEqual({
      KEY: { kind: "secret", name: "K", hosts: ["a.example"], expose: true },
      unit: "1",
    });
  });

  it.each([
    ['[secrets]\nK = { env = "A", file = "b" }', "both say where the secret comes from", "secrets.K.file"],
    ["[secrets]\nK = { command = [] }", '"command" names no program', "secrets.K.command"],
    ['[secrets]\nK = { env = "A", timeout = "1s" }', "stands without", "secrets.K.timeout"],
    ['[secrets]\nK = { env = "A", hosts = ["a b c"] }', "hosts", "secrets.K.hosts"],
    ['[secrets]\n"a b" = { env = "A" }', "cannot be the name of a secret", 'secrets."a b"'],
    ['[tool_vars]\nK = { secret = "K" }', "must be text, found a table", "tool_vars.K"],
    ['[tools.t]\ntool_vars = { K = { secrt = "K" } }', 'did you mean "secret"?', "tools.t.tool_vars.K.secrt"],
    ['[tools.t]\ntool_vars = { K = { secret = "a b" } }', "the name of a secret", "tools.t.tool_vars.K.secret"],
    ['[tools.t]\ntool_vars = { K = { secret = "K", expose = "yes" } }', "true or false", "tools.t.tool_vars.K.expose"],
    ["[tools.t]\ndeny = { netwrk = [] }", 'did you mean "network"?', "tools.t.deny.netwrk"],
    ['[tools.t]\nallow = { network = ["ftp://a.example"] }', 'has the scheme "ftp"', "tools.t.allow.network"],
  ])("refuses %j", async (text, message, key) => {
    const error = await faultOf({ "settings.toml": text });
    expect(error).toMatchObject({ code: "ERR_POCKET_SETTINGS_INVALID", details: { key } });
    expect(error.message).toContain(message);
  });

  it.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
    ["settings.toml", { "settings.toml": '[secrets]\nKEY = "hunter2"' }, {}],
    [".secrets.toml", { ".secrets.toml": '[secrets]\nKEY = ["hunter2"]' }, {}],
    ["POCKET_SECRETS__KEY", {}, { POCKET_SECRETS__KEY: "hunter2" }],
    ["an inner key", { "settings.toml": '[secrets.KEY]\nhunter2 = "hunter2"' }, {}],
    ["a name of a variable", { "settings.toml": '[secrets]\nKEY = { env = "hunter 2" }' }, {}],
  ])("refuses the value of a secret in %s", async (_place, files, environment) => {
    const error = await faultOf(files, environment);
    expect(error.code).toBe("ERR_POCKET_SETTINGS_INVALID");
    expect(error.details["key"]).toContain("secrets.KEY");
    expect(error.hint).toContain('KEY = { env = "KEY" }');
  });

  it("never tells the value of a secret", async () => {
    const error = await faultOf({ "settings.toml": '[secrets]\nKEY = "hunter2"' });
    expect(JSON.stringify([error, error.message, String(error.cause)])).not.toContain("hunter2");
  });
});
