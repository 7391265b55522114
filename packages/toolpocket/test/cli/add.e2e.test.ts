import { chmod, symlink } from "node:fs/promises";
import { join } from "node:path";
import { type GitServer, startGitServer } from "@toolpocket/test-kit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createProject, type Project } from "./project-fixture.ts";
import { brokenTool, inFolder, shoutTool, weatherTool } from "./tool-files.ts";

let server: GitServer;
let url: string;
let commit: string;
let project: Project;

beforeAll(async () => {
  server = await startGitServer();
  const repository = await server.repository("tools");
  url = repository.url;
  commit = await repository.commit({
    ...inFolder("weather", weatherTool()),
    ...inFolder("shout", shoutTool()),
    ...inFolder("broken", brokenTool()),
  });
});
afterAll(() => server.close());
beforeEach(async () => {
  project = await createProject();
});
afterEach(() => project.remove());

describe("pocket add", () => {
  test("writes the settings and the lock, and tells what the tool asks for", async () => {
    const { exitCode, stdout, stderr } = await project.pocket([
      "add",
      `${url}/tree/main/weather`,
      "--var",
      "unit=imperial",
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("added weather: Tells the weather.");
    expect(stdout).toContain(`@${commit}#weather`);
    expect(stdout).toContain("unit = imperial");
    expect(stdout).toContain('allow = { network = ["api.weather.example"] }');
    expect(await project.read("settings.toml")).toBe(
      `[tools.weather]\ngit = "${url}"\nref = "main"\npath = "weather"\ntool_vars = { unit = "imperial" }\n`,
    );
    expect(await project.read("pocket.lock")).toContain(`commit = "${commit}"`);
    expect(await project.json(["lock", "verify"])).toMatchObject({ ok: true });
  });

  test("prints the tool as one JSON value with --json", async () => {
    const added = await project.json([
      "add",
      url,
      "--ref",
      "main",
      "--path",
      "weather",
      "--allow",
      "network=api.weather.example",
    ]);
    expect(added).toEqual({
      name: "weather",
      description: "Tells the weather.",
      runtime: "node",
      source: `git+${url}@${commit}#weather`,
      commit,
      variables: [{ name: "unit", value: "metric", isDefault: true }],
      permissions: {
        asked: { network: ["api.weather.example"] },
        granted: { network: ["api.weather.example"] },
        missing: {},
      },
      warnings: [],
    });
  });

  test("keeps the user's comments and other tools", async () => {
    const before = `# mine\n[tools.shout] # loud\ngit = "${url}"\npath = "shout"\n\n[tool_vars]\nunit = "metric" # everywhere\n`;
    await project.write({ "settings.toml": before });
    expect(await project.pocket(["add", `${url}/tree/main/weather`])).toMatchObject({ exitCode: 0 });
    const after = await project.read("settings.toml");
    for (const line of before.split("\n")) expect(after).toContain(line);
    expect(after).toContain("[tools.weather]");
  });

  test("takes a folder of this machine, relative to the project", async () => {
    await project.write(inFolder("my/shout", shoutTool()));
    expect(await project.pocket(["add", "./my/shout", "--name", "loud"])).toMatchObject({ exitCode: 0 });
    expect(await project.read("settings.toml")).toBe('[tools.loud]\nlocal = "./my/shout"\n');
    expect(await project.read("pocket.lock")).toContain('path = "my/shout"');
  });

  test("adds the same tool again under another name", async () => {
    await project.pocket(["add", `${url}/tree/main/shout`]);
    expect(await project.pocket(["add", `${url}/tree/main/shout`, "--name", "loud"])).toMatchObject({ exitCode: 0 });
    expect(await project.json(["list"])).toMatchObject({ tools: [{ name: "loud" }, { name: "shout" }] });
  });
});

describe("pocket add, beside itself", () => {
  test("loses no tool when several are added at once", async () => {
    await project.write(inFolder("weather", weatherTool()));
    const names = ["a", "b", "c", "d"];
    const runs = await Promise.all(names.map((name) => project.pocket(["add", "./weather", "--name", name])));
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    for (const file of ["settings.toml", "pocket.lock"]) {
      const text = (await project.read(file)) ?? "";
      for (const name of names) expect(text).toMatch(new RegExp(`^(?:\\[tools\\.${name}\\]|name = "${name}")$`, "mu"));
    }
    expect(await project.pocket(["lock", "verify"])).toMatchObject({ exitCode: 0 });
  });

  test("adds one of two tools that want the same name at once", async () => {
    await project.write({ ...inFolder("weather", weatherTool()), ...inFolder("shout", shoutTool()) });
    const runs = await Promise.all(
      ["./weather", "./shout"].map((path) => project.pocket(["add", path, "--name", "same"])),
    );
    expect(runs.map(({ exitCode }) => exitCode).toSorted()).toEqual([0, 1]);
    expect(runs.map(({ stderr }) => stderr).join("")).toContain("ERR_POCKET_TOOL_DUPLICATE");
  });
});

describe("pocket add, when it fails", () => {
  const settings = '# mine\n[tools.old]\nlocal = "./old"\n';
  const bad: readonly [title: string, args: (url: string) => string[], code: string, words: string][] = [
    ["an unknown host", () => ["https://host.invalid/org/repo"], "ERR_POCKET_SOURCE_UNREACHABLE", "host is unknown"],
    ["an unknown repository", (at) => [at.replace("tools", "toolz")], "ERR_POCKET_SOURCE_UNREACHABLE", "toolz"],
    [
      "a ref that does not exist",
      (at) => [at, "--ref", "mian", "--path", "weather"],
      "ERR_POCKET_REF_NOT_FOUND",
      "mian",
    ],
    ["a path that does not exist", (at) => [`${at}/tree/main/wether`], "ERR_POCKET_PATH_NOT_FOUND", "wether"],
    ["a path that is no tool", (at) => [at], "ERR_POCKET_MANIFEST_INVALID", "config.toml"],
    ["a broken tool", (at) => [`${at}/tree/main/broken`], "ERR_POCKET_MANIFEST_INVALID", 'did you mean "python"?'],
    [
      "an unknown variable",
      (at) => [`${at}/tree/main/weather`, "--var", "unti=x"],
      "ERR_POCKET_VARIABLE_UNKNOWN",
      'did you mean "unit"?',
    ],
    ["a grant of no form", (at) => [`${at}/tree/main/weather`, "--allow", "env=not a name"], "ERR_POCKET_USAGE", "env"],
    [
      "a name that is taken",
      (at) => [`${at}/tree/main/weather`, "--name", "old"],
      "ERR_POCKET_TOOL_DUPLICATE",
      "[tools.old]",
    ],
    [
      "a name that is no tool's",
      (at) => [`${at}/tree/main/weather`, "--name", "my tool"],
      "ERR_POCKET_USAGE",
      "my tool",
    ],
    [
      "credentials in the URL",
      (at) => [at.replace("://", "://user:secret@")],
      "ERR_POCKET_SOURCE_INVALID",
      "credentials",
    ],
    ["a folder that is not there", () => ["./nothing"], "ERR_POCKET_PATH_NOT_FOUND", "nothing"],
    ["no network", (at) => [`${at}/tree/main/weather`, "--offline"], "ERR_POCKET_OFFLINE", "offline"],
  ];

  test.each(bad)("changes no file for %s", async (_title, args, code, words) => {
    await project.write({ "settings.toml": settings });
    const { exitCode, stdout, stderr } = await project.pocket(["add", ...args(url)]);
    expect(exitCode).toBe(code === "ERR_POCKET_USAGE" ? 2 : 1);
    expect(stdout).toBe("");
    expect(stderr).toContain(code);
    expect(stderr).toContain(words);
    expect(stderr).toContain("hint:");
    expect(stderr).not.toContain("secret");
    expect(await project.read("settings.toml")).toBe(settings);
    expect(await project.read("pocket.lock")).toBeUndefined();
  });

  test("changes no file for settings that are no TOML", async () => {
    await project.write({ "settings.toml": "[tools\n" });
    const { exitCode, stderr } = await project.pocket(["add", `${url}/tree/main/weather`]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/settings\.toml is not valid TOML: line 1/u);
    expect(await project.read("settings.toml")).toBe("[tools\n");
  });

  test.each([
    ["a corrupt lock", "version = 1\n[[tool]]\nname = 3\n", "ERR_POCKET_LOCK_INVALID"],
    ["the lock of a newer version", "version = 2\n", "ERR_POCKET_LOCK_VERSION"],
  ])("puts the settings back for %s", async (_title, lock, code) => {
    await project.write({ "settings.toml": settings, "pocket.lock": lock });
    const { exitCode, stderr } = await project.pocket(["add", `${url}/tree/main/weather`]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(code);
    expect(await project.read("settings.toml")).toBe(settings);
    expect(await project.read("pocket.lock")).toBe(lock);
  });

  test("puts the settings back when the lock cannot be written", async () => {
    await project.write({ "settings.toml": settings, target: "version = 1\n" });
    // A lock that is a link is refused, also to root.
    await symlink("target", join(project.folder, "pocket.lock"));
    const { exitCode, stderr } = await project.pocket(["add", `${url}/tree/main/weather`]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("ERR_POCKET_LOCK_WRITE");
    expect(await project.read("settings.toml")).toBe(settings);
    expect(await project.read("target")).toBe("version = 1\n");
  });

  test("says which file it cannot write in a read-only folder", async (context) => {
    if (process.getuid?.() === 0) context.skip("root may write everywhere");
    await chmod(project.folder, 0o555);
    const { exitCode, stderr } = await project.pocket(["add", `${url}/tree/main/weather`]);
    await chmod(project.folder, 0o755);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("ERR_POCKET_SETTINGS_WRITE");
  });

  test("prints the error as JSON on standard output with --json", async () => {
    const { exitCode, stdout, stderr } = await project.pocket(["--json", "add", `${url}/tree/main/wether`]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: "ERR_POCKET_PATH_NOT_FOUND",
        message: expect.stringContaining("wether"),
        hint: expect.stringContaining("weather"),
        details: expect.any(Object),
      },
    });
  });
});
