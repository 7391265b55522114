import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createFakeInvoker } from "@toolpocket/test-kit/fake-invoker";
import { describe, expect, it } from "vitest";
import { ejectTool } from "../../src/lockfile/eject.ts";
import { syncLock } from "../../src/lockfile/sync.ts";
import { Pocket } from "../../src/pocket/pocket.ts";
import { toolFolders, useLockFixture } from "./lock-fixture.ts";

const fixture = useLockFixture();

async function lockProject(): Promise<void> {
  const repository = await fixture.repository();
  await repository.commit({ ...toolFolders({ weather: {}, news: {} }), "weather/lib/deep.js": "1" });
  await fixture.writeSettings(
    `# my agent\n[tools.weather] # the good one\ngit = "${repository.url}"\nref = "main"\npath = "weather"\ntool_vars = { unit = "imperial" }\n\n[tools.news]\ngit = "${repository.url}"\npath = "news"\n`,
  );
  await syncLock({ cwd: fixture.cwd });
}

describe("ejectTool()", () => {
  it("copies the pinned content, from an empty store too, and re-points only that tool", async () => {
    await lockProject();
    fixture.useFreshStore();
    const before = await fixture.lock();
    const ejected = await ejectTool({ cwd: fixture.cwd }, "weather");
    expect(ejected).toMatchObject({
      name: "weather",
      folder: join(fixture.cwd, "tools/weather"),
      files: ["config.toml", "index.js", "lib/deep.js", "schema.json"],
      local: "./tools/weather",
    });
    expect(await readdir(ejected.folder)).toEqual(["config.toml", "index.js", "lib", "schema.json"]);
    expect(await fixture.lock()).toEqual(before);

    const settings = ejected.settings?.text ?? "";
    expect(settings).toMatch(/^# my agent\n\[tools\.weather\] # the good one\n/u);
    expect(settings).toContain('tool_vars = { unit = "imperial" }');
    expect(settings).toContain('local = "./tools/weather"');
    expect(settings).toContain("[tools.news]\ngit = ");
    await writeFile(ejected.settings?.path ?? "", settings);
    expect(await syncLock({ cwd: fixture.cwd })).toMatchObject({ changed: ["weather"], unchanged: ["news"] });
    expect((await fixture.lock()).tools).toMatchObject([before.tools[0], { source: "local", path: "tools/weather" }]);
    await writeFile(join(ejected.folder, "index.js"), 'process.stdout.write("mine now " + process.env.unit);');
    await using pocket = new Pocket({ cwd: fixture.cwd, invoker: createFakeInvoker() });
    expect(await pocket.invoke("weather", { city: "X" })).toMatchObject({ output: "mine now imperial" });
  });

  it("throws ERR_POCKET_FILE_EXISTS and overwrites nothing when the folder is there", async () => {
    await lockProject();
    await mkdir(join(fixture.cwd, "mine"));
    await writeFile(join(fixture.cwd, "mine/index.js"), "precious");
    await expect(ejectTool({ cwd: fixture.cwd }, "weather", { to: "mine" })).rejects.toMatchObject({
      code: "ERR_POCKET_FILE_EXISTS",
      hint: expect.stringContaining("--to"),
    });
    expect(await readdir(join(fixture.cwd, "mine"))).toEqual(["index.js"]);
    expect(await readFile(join(fixture.cwd, "mine/index.js"), "utf8")).toBe("precious");
  });

  it("throws ERR_POCKET_TOOL_UNKNOWN with the nearest, or ERR_POCKET_USAGE for a local tool", async () => {
    await lockProject();
    await expect(ejectTool({ cwd: fixture.cwd }, "wether")).rejects.toMatchObject({
      code: "ERR_POCKET_TOOL_UNKNOWN",
      message: expect.stringContaining('did you mean "weather"?'),
    });
    const { settings } = await ejectTool({ cwd: fixture.cwd }, "weather");
    await writeFile(settings?.path ?? "", settings?.text ?? "");
    await syncLock({ cwd: fixture.cwd });
    await expect(ejectTool({ cwd: fixture.cwd }, "weather", { to: "again" })).rejects.toMatchObject({
      code: "ERR_POCKET_USAGE",
    });
  });
});
