/** `pocket permission`, and what `inspect` and `add` say of permissions and secrets; no browser. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProject, type Project } from "./project-fixture.ts";
import { inFolder, weatherTool } from "./tool-files.ts";

const SETTINGS = `# my tools
[tools.weather]
local = "weather" # mine
`;

let project: Project;

beforeAll(async () => {
  project = await createProject();
  await project.write({ ...inFolder("weather", weatherTool()), "settings.toml": SETTINGS });
  await project.pocket(["lock", "sync"]);
});
afterAll(() => project.remove());

describe("pocket permission", () => {
  test("shows what is asked, granted and missing, with the line that grants it", async () => {
    expect(await project.json(["permission", "show", "weather"])).toEqual({
      name: "weather",
      asked: { network: ["api.weather.example"] },
      granted: {},
      denied: {},
      missing: { network: ["api.weather.example"] },
    });
    const { stdout } = await project.pocket(["permission", "show", "weather"]);
    expect(stdout).toContain('allow = { network = ["api.weather.example"] }');
  });

  test("grants, knows what is covered, revokes and resets, and keeps the rest of the file", async () => {
    await project.pocket(["permission", "grant", "weather", "network", "*.weather.example"]);
    const granted = `${SETTINGS}allow = { network = ["*.weather.example"] }\n`;
    expect(await project.read("settings.toml")).toBe(granted);
    await project.pocket(["permission", "grant", "weather", "network", "GET https://a.weather.example/v1"]);
    expect(await project.read("settings.toml")).toBe(granted);
    expect(await project.json(["permission", "show", "weather"])).toMatchObject({ missing: {} });

    const part = await project.pocket(["permission", "revoke", "weather", "network", "api.weather.example"]);
    expect(part).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('it is part of "*.weather.example"') });
    await project.pocket(["permission", "grant", "weather", "env", "HOME"]);
    await project.pocket(["permission", "revoke", "weather", "network", "*.weather.example"]);
    expect(await project.read("settings.toml")).toBe(`${SETTINGS}allow = { env = ["HOME"] }\n`);
    await project.pocket(["permission", "reset", "weather"]);
    expect(await project.read("settings.toml")).toBe(SETTINGS);
  });

  test.each([
    [["grant", "weathr", "network", "a.example"], 1, 'did you mean "weather"'],
    [["grant", "weather", "netwrk", "a.example"], 2, 'did you mean "network"'],
    [["grant", "weather", "network", "ftp://a.example"], 2, "no network permission"],
    [["grant", "weather", "network"], 2, "ENTRY"],
    [["revoke", "weather", "env", "NONE"], 2, "is not granted env"],
  ])("refuses %j and changes nothing", async (args, exitCode, message) => {
    const run = await project.pocket(["permission", ...args]);
    expect(run).toMatchObject({ exitCode, stderr: expect.stringContaining(message) });
    expect(await project.read("settings.toml")).toBe(SETTINGS);
  });
});

describe("pocket inspect", () => {
  test("says how to bind the token of [auth], and shows a secret by its name alone", async () => {
    const config = (weatherTool()["config.toml"] ?? "").replace(
      "[tool_vars]",
      '[auth]\nauth_provider = "slack"\n[tool_vars]',
    );
    await project.write({ "weather/config.toml": config });
    const line = 'tool_vars = { SLACK_BOT_TOKEN = { secret = "SLACK_BOT_TOKEN", hosts = ["api.weather.example"] } }';
    expect((await project.pocket(["inspect", "weather"])).stdout).toContain(line);

    await project.write({
      "settings.toml": `${SETTINGS}${line}\n`,
      ".secrets.toml": '[secrets]\nSLACK_BOT_TOKEN = "xoxb-hunter2"\n',
    });
    const { stdout } = await project.pocket(["inspect", "weather"]);
    expect(stdout).toContain("SLACK_BOT_TOKEN = the secret SLACK_BOT_TOKEN, for api.weather.example");
    expect(stdout).not.toContain("To give it its token");
    const json = JSON.stringify(await project.json(["inspect", "weather"]));
    expect(json).toContain('"secret":{"kind":"secret","name":"SLACK_BOT_TOKEN"');
    expect(`${stdout}${json}${await project.read("pocket.lock")}`).not.toContain("hunter2");
  });
});

describe("pocket add", () => {
  test("grants all that is asked with --allow-all, and nothing where nobody can be asked", async () => {
    await project.write({ "settings.toml": "", "pocket.lock": "version = 1\n" });
    expect(await project.json(["add", "./weather"])).toMatchObject({
      permissions: { granted: {}, missing: { network: ["api.weather.example"] } },
    });
    await project.pocket(["remove", "weather"]);
    expect(await project.json(["add", "./weather", "--allow-all"])).toMatchObject({ permissions: { missing: {} } });
    expect(await project.read("settings.toml")).toContain('allow = { network = ["api.weather.example"] }');
  });
});
