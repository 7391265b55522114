import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { fromFunction, fromLocal } from "../../src/tool-request.ts";
import { ADD, usePocketFixture } from "./pocket-fixture.ts";
import { toolFiles, writeFiles, writeTool } from "./tool-folder.ts";

const fixture = usePocketFixture();

describe("Pocket.load()", () => {
  it("writes local tools into pocket.lock by relative path, and functions not at all", async () => {
    await writeTool(join(fixture.cwd, "tools/weather"));
    await fixture.open({ tools: ["./tools/weather", ADD] }).load();
    expect(await readFile(join(fixture.cwd, "pocket.lock"), "utf8")).toContain(
      'name = "weather"\nsource = "local"\npath = "tools/weather"\n',
    );
    expect(await readFile(join(fixture.cwd, "pocket.lock"), "utf8")).not.toContain("add");
  });

  it("takes the tools of settings.toml when none are given", async () => {
    await writeTool(join(fixture.cwd, "w"));
    await writeFile(
      join(fixture.cwd, "settings.toml"),
      '[tools.forecast]\nlocal = "./w"\ntool_vars = { unit = "imperial" }\n',
    );
    const pocket = fixture.open();
    expect((await pocket.tools()).map(({ name }) => name)).toEqual(["forecast"]);
    expect(await pocket.invoke("forecast", { city: "Seoul" })).toMatchObject({ output: "sunny in Seoul, imperial" });
  });

  it("has no tools, and makes no file, when nobody names any", async () => {
    expect(await fixture.open().tools()).toEqual([]);
    expect(await readdir(fixture.cwd)).toEqual([]);
  });

  it("works once for all callers, and again after a failure", async () => {
    const pocket = fixture.open({ tools: ["./late"] });
    const results = await Promise.allSettled([pocket.load(), pocket.tools(), pocket.invoke("weather", {})]);
    for (const result of results) {
      expect(result).toMatchObject({ status: "rejected", reason: { code: "ERR_POCKET_PATH_NOT_FOUND" } });
    }
    await writeTool(join(fixture.cwd, "late"));
    expect(await pocket.load()).toBe(pocket);
    expect((await pocket.tools()).map(({ name }) => name)).toEqual(["weather"]);
  });

  it("does not miss the entry of a local tool when the lock is frozen", async () => {
    await writeTool(join(fixture.cwd, "w"));
    vi.stubEnv("CI", "true");
    await fixture.open({ tools: ["./w"] }).load();
    expect(await readdir(fixture.cwd)).toEqual(["w"]);
  });

  it("throws ERR_POCKET_TOOL_DUPLICATE with both sources and a way out when two tools have one name", async () => {
    await writeTool(join(fixture.cwd, "a"));
    await writeTool(join(fixture.cwd, "b"));
    await expect(fixture.open({ tools: ["./a", "./b"] }).load()).rejects.toMatchObject({
      code: "ERR_POCKET_TOOL_DUPLICATE",
      message: '2 tools are named "weather": local:./a and local:./b',
      hint: expect.stringContaining('{ name: "weather_2" }'),
    });
    const renamed = fixture.open({ tools: ["./a", fromLocal("./b", { name: "weather_2" })] });
    expect((await renamed.tools()).map(({ name }) => name)).toEqual(["weather", "weather_2"]);
  });

  it("throws ERR_POCKET_SYNC_FAILED that lists each failure with its tool when several fail", async () => {
    const failing = fixture.open({
      tools: ["./a", fromLocal("./b", { name: "bee" }), "https://me:pw@host.example/x/y"],
    });
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
    expect(await readdir(fixture.cwd)).toEqual([]);
  });

  it("throws ERR_POCKET_USAGE when a request gives a name that models do not take", async () => {
    await writeTool(join(fixture.cwd, "a"));
    await expect(fixture.open({ tools: [fromLocal("./a", { name: "the weather!" })] }).load()).rejects.toMatchObject({
      code: "ERR_POCKET_USAGE",
      hint: expect.stringContaining('"the_weather"'),
    });
  });

  it("throws ERR_POCKET_VARIABLE_UNKNOWN with the nearest when code or settings set one that no tool declares", async () => {
    await writeTool(join(fixture.cwd, "a"));
    await expect(
      fixture.open({ tools: [fromLocal("./a", { toolVars: { units: "x" } })] }).load(),
    ).rejects.toMatchObject({
      code: "ERR_POCKET_VARIABLE_UNKNOWN",
      message: expect.stringContaining('did you mean "unit"?'),
    });
    await writeFile(join(fixture.cwd, "settings.toml"), '[tools.weather]\nlocal = "./a"\n[tool_vars]\nunits = "x"\n');
    await expect(fixture.open().load()).rejects.toMatchObject({ code: "ERR_POCKET_VARIABLE_UNKNOWN" });
    await fixture.open({ tools: ["./a"] }).load();
  });

  it("throws ERR_POCKET_MANIFEST_INVALID when the schema of a function is none", async () => {
    const broken = fromFunction({ name: "f", description: "", inputSchema: { type: "strin" }, run: () => 1 });
    await expect(fixture.open({ tools: [broken] }).load()).rejects.toMatchObject({
      code: "ERR_POCKET_MANIFEST_INVALID",
      message: expect.stringContaining('fromFunction "f"'),
    });
  });
});

describe("Pocket.brokenTools()", () => {
  it("lists the broken tool with its reason, and the others work", async () => {
    await writeTool(join(fixture.cwd, "good"));
    await writeFiles(join(fixture.cwd, "bad"), { ...toolFiles({ name: "bad" }), "schema.json": "{" });
    const pocket = fixture.open({ tools: ["./good", "./bad"] });
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
    await writeFiles(join(fixture.cwd, "a"), { "config.toml": "name = 3" });
    await writeFiles(join(fixture.cwd, "b"), { "readme.txt": "nothing" });
    await expect(fixture.open({ tools: ["./a"] }).load()).rejects.toMatchObject({
      code: "ERR_POCKET_MANIFEST_INVALID",
    });
    await expect(fixture.open({ tools: ["./a", "./b"] }).load()).rejects.toMatchObject({
      code: "ERR_POCKET_SYNC_FAILED",
      details: { failures: [{ tool: "a" }, { tool: "b" }] },
    });
  });

  it("gives way to a sound tool when the broken one's name can only be guessed", async () => {
    await writeTool(join(fixture.cwd, "x"));
    await writeFiles(join(fixture.cwd, "weather"), { "config.toml": "" });
    const pocket = fixture.open({ tools: ["./weather", "./x"] });
    expect((await pocket.brokenTools()).map(({ name }) => name)).toEqual(["weather-2"]);
    expect((await pocket.tools()).map(({ name }) => name)).toEqual(["weather"]);
  });
});
