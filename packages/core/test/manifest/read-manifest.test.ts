import { describe, expect, it } from "vitest";
import { digestDefinition } from "../../src/definition.ts";
import { createProgram } from "../../src/manifest/create-program.ts";
import { readManifest } from "../../src/manifest/read-manifest.ts";
import { buildWheel, toolFiles } from "./tool-files.ts";

const SLACK_CONFIG = `name = "slack_send_messages"
description = "Send messages to slack channels"
language = "python"

[auth]
auth_provider = "slack"
auth_handler = "slack-oauth2"
scopes = ["chat:write", "channels:read"]

[tool_vars]
signature = "sent by the agent"
`;
const SLACK_PROJECT = `[project]
name = "slack-send.messages"
version = "0.1.0"
requires-python = ">=3.10"

[build-system]
requires = ["hatchling"]
`;
const SLACK_SCHEMA = `{
  "title": "SlackSendMessagesRequest",
  "type": "object",
  "properties": { "channel": { "type": "string", "title": "Channel" }, "text": { "type": "string" } },
  "required": ["channel", "text"]
}`;

describe("readManifest() of Hyperpocket's config.toml", () => {
  const wheel = buildWheel("slack_send_messages", "0.1.0", { "slack_send_messages/__init__.py": "" });
  const files = toolFiles({
    "config.toml": SLACK_CONFIG,
    "pyproject.toml": SLACK_PROJECT,
    "schema.json": SLACK_SCHEMA,
    "README.md": "# Slack\n",
    "dist/slack_send_messages-0.1.0-py3-none-any.whl": wheel,
    "slack_send_messages/__main__.py": "",
  });

  it("finds the wheel by the project's name and version, and everything else that the files say", () => {
    const manifest = readManifest(files);
    expect(manifest).toEqual({
      file: "config.toml",
      declaresSchema: true,
      name: "slack_send_messages",
      description: "Send messages to slack channels",
      runtime: "python",
      entry: {
        kind: "wheel",
        path: "dist/slack_send_messages-0.1.0-py3-none-any.whl",
        module: "slack_send_messages",
      },
      args: [],
      inputSchema: JSON.parse(SLACK_SCHEMA),
      readme: "# Slack\n",
      variables: { signature: "sent by the agent" },
      permissions: {},
      packages: [],
      limits: {},
      auth: {
        provider: "slack",
        handler: "slack-oauth2",
        scopes: ["chat:write", "channels:read"],
        environmentName: "SLACK_BOT_TOKEN",
      },
      wheels: [
        {
          path: "dist/slack_send_messages-0.1.0-py3-none-any.whl",
          name: "slack_send_messages",
          version: "0.1.0",
          digest: expect.stringMatching(/^sha256-[0-9a-f]{64}$/u),
        },
      ],
      warnings: [],
    });
  });

  it("reads a node tool with the built file", () => {
    const manifest = readManifest(
      toolFiles({
        "config.toml":
          'name = "linear_get_issues"\ndescription = "get issues"\nlanguage = "Node"\n[auth]\nauth_provider = "LINEAR"\n',
        "dist/index.js": "",
        "src/index.ts": "",
      }),
    );
    expect(manifest).toMatchObject({
      runtime: "node",
      entry: { path: "dist/index.js" },
      auth: { provider: "linear", scopes: [], environmentName: "LINEAR_TOKEN" },
      inputSchema: { type: "object", properties: {} },
      wheels: [],
    });
  });
});

describe("readManifest() of Toolpocket's config.toml", () => {
  const CONFIG = `name = "weather"
description = "Tells the weather"
entrypoint = "main.py:run"
args = ["--fast", "a b"]
[permissions]
network = ["api.weather.example"]
[limits]
timeout = "10s"
`;

  it("takes the runtime from the entry's ending, and permissions, limits and arguments", () => {
    const files = toolFiles({ "config.toml": CONFIG, "main.py": "" });
    const manifest = readManifest(files);
    expect(manifest).toMatchObject({
      runtime: "python",
      entry: { kind: "function", path: "main.py", function: "run" },
      args: ["--fast", "a b"],
      permissions: { network: ["api.weather.example"] },
      limits: { timeout: "10s" },
    });
    expect(createProgram(manifest, { files })).toEqual({
      runtime: "python",
      entry: manifest.entry,
      args: ["--fast", "a b"],
      files,
      wheels: [],
    });
  });

  it.each([
    ["index.mjs:run", { path: "index.mjs", function: "run" }],
    ["./src/../index.mjs", { path: "index.mjs" }],
    ["tool.cts", { path: "tool.cts" }],
  ])("reads the node entry %j", (entrypoint, entry) => {
    const config = `name = "w"\ndescription = "d"\nentrypoint = "${entrypoint}"\n`;
    const files = toolFiles({ "config.toml": config, "index.mjs": "", "tool.cts": "" });
    const manifest = readManifest(files);
    expect(manifest).toMatchObject({ runtime: "node", entry });
    expect(createProgram(manifest, { files })).toEqual({ runtime: "node", entry: manifest.entry, args: [], files });
  });

  it.each([
    [["dist/index.js", "index.js", "index.ts"], "dist/index.js"],
    [["index.mjs", "index.js", "main.ts"], "index.js"],
    [["index.mjs", "main.ts"], "index.mjs"],
    [["main.ts", "index.ts"], "index.ts"],
    [["src/index.ts"], "src/index.ts"],
  ])("finds among %j the default entry of node", (paths, path) => {
    const config = { "config.toml": 'name = "w"\ndescription = "d"\nlanguage = "node"\n' };
    expect(
      readManifest(toolFiles({ ...config, ...Object.fromEntries(paths.map((name) => [name, ""])) })),
    ).toMatchObject({ entry: { path } });
  });

  it("reads files as Windows writes them: with a byte order mark, and lines that end in CR LF", () => {
    const files = toolFiles({
      "config.toml": '\uFEFFname = "w"\r\ndescription = """\r\nTells\r\nthe weather"""\r\nlanguage = "python"\r\n',
      "schema.json": '\uFEFF{"type": "object"}\r\n',
      "main.py": "",
    });
    expect(readManifest(files)).toMatchObject({ name: "w", inputSchema: { type: "object" }, warnings: [] });
  });

  it("warns of keys that it does not know, of a second manifest and of invisible characters", () => {
    const files = toolFiles({
      "config.toml": 'name = "w"\ndescription = "d\\u200b"\nlanguage = "python"\nauthor = "me"\n',
      "pocket.json": "not even JSON",
      "main.py": "",
    });
    expect(readManifest(files).warnings).toEqual([
      'config.toml: the key "author" is not known and has no effect',
      "pocket.json is not read, because there is a config.toml",
      "config.toml: the description holds invisible characters",
    ]);
  });

  it("finds the readme in any case, and reads it even when it is not UTF-8", () => {
    const config = { "config.toml": 'name = "w"\ndescription = "d"\nlanguage = "python"\n', "main.py": "" };
    expect(readManifest(toolFiles({ ...config, "ReadMe.MD": new Uint8Array([104, 105, 255]) })).readme).toBe(
      "hi\uFFFD",
    );
    expect(readManifest(toolFiles(config))).not.toHaveProperty("readme");
  });
});

describe("readManifest() of pocket.json", () => {
  const pocketJson = (more: object) => ({
    "pocket.json": JSON.stringify({
      tool: { name: "google_list_gmail", description: "get gmail list", inputSchema: { properties: { date: {} } } },
      ...more,
    }),
  });

  it("runs what `python -m` runs, and never the build", () => {
    const manifest = readManifest(
      toolFiles({
        ...pocketJson({
          language: "python",
          auth: { auth_provider: "google", scopes: ["https://www.googleapis.com/auth/gmail.readonly"] },
          entrypoint: { build: "pip install .", run: "python -m list_gmail --all" },
          variables: { limit: 5 },
        }),
        "src/list_gmail/__main__.py": "",
      }),
    );
    expect(manifest).toMatchObject({
      file: "pocket.json",
      name: "google_list_gmail",
      runtime: "python",
      entry: { kind: "script", path: "src/list_gmail/__main__.py", module: "list_gmail" },
      args: ["--all"],
      inputSchema: { type: "object", properties: { date: {} } },
      variables: { limit: "5" },
      auth: { environmentName: "GOOGLE_TOKEN" },
      warnings: ["pocket.json: entrypoint.build is never run; publish the tool built"],
    });
  });

  it("runs node with arguments, and warns of the interpreter's options", () => {
    const run = "node --no-warnings dist/index.js 'a b'";
    const manifest = readManifest(toolFiles({ ...pocketJson({ entrypoint: { run } }), "dist/index.js": "" }));
    expect(manifest).toMatchObject({
      runtime: "node",
      entry: { path: "dist/index.js" },
      args: ["a b"],
      warnings: ['pocket.json: the option "--no-warnings" has no effect'],
    });
  });

  it("takes the runtime from the image's name when nothing else tells it", () => {
    const image = "ghcr.io/astral-sh/uv:python3.11-bookworm-slim";
    const files = toolFiles({ ...pocketJson({ baseImage: image }), "main.py": "" });
    expect(readManifest(files)).toMatchObject({ runtime: "python", entry: { kind: "script", path: "main.py" } });
  });

  it("reads schema.json when the file holds no schema", () => {
    const tool = { name: "w", description: "d" };
    const files = {
      "pocket.json": JSON.stringify({ tool, language: "python" }),
      "main.py": "",
      "schema.json": SLACK_SCHEMA,
    };
    expect(readManifest(toolFiles(files)).inputSchema).toMatchObject({ title: "SlackSendMessagesRequest" });
  });
});

describe("readManifest() with a checked definition", () => {
  const files = (schema: string) =>
    toolFiles({
      "config.toml": 'name = "w"\ndescription = "d"\nlanguage = "python"\n',
      "main.py": "",
      "schema.json": schema,
    });
  // Wrong, so that it shows whether the schema is looked at.
  const WRONG = '{ "properties": { "a": { "type": "strng" } } }';
  const checkedDefinition = digestDefinition({
    name: "w",
    description: "d",
    inputSchema: { type: "object", properties: { a: { type: "strng" } } },
  });

  it("does not check the schema again when the digest is the same", () => {
    expect(readManifest(files(WRONG), { checkedDefinition }).inputSchema).toMatchObject({ type: "object" });
  });

  it("checks the schema when the digest differs", () => {
    const changed = WRONG.replace('"a"', '"b"');
    expect(() => readManifest(files(changed), { checkedDefinition })).toThrow("schema.json: /properties/b/type");
  });
});
