import { rm } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { syncLock } from "../../src/lockfile/sync.ts";
import { Pocket } from "../../src/pocket/pocket.ts";
import { fromGit } from "../../src/tool-request.ts";
import { toolFiles } from "../pocket/tool-folder.ts";
import { toolFolders, useLockFixture } from "./lock-fixture.ts";

const fixture = useLockFixture();

describe("syncLock() of tools that share, move or leave a place", () => {
  it("removes entries that settings.toml no longer holds, and never those of a program's own tools", async () => {
    const repository = await fixture.repository();
    await repository.commit(toolFolders({ weather: {}, news: {} }));
    const [weather, news] = ["weather", "news"].map((path) => fromGit(repository.url, { path }));
    const { cwd } = fixture;
    await syncLock({ cwd, tools: [weather ?? "", news ?? ""] });
    await new Pocket({ cwd, tools: [news ?? ""] }).load();
    expect(await syncLock({ cwd, tools: [news ?? ""] })).toMatchObject({ removed: [], unchanged: ["news", "weather"] });
    expect((await fixture.lock()).tools).toHaveLength(2);

    await fixture.writeSettings(`[tools.news]\ngit = "${repository.url}"\npath = "news"\n`);
    await new Pocket({ cwd }).load();
    expect((await fixture.lock()).tools).toHaveLength(2);
    expect(await syncLock({ cwd, prune: false })).toMatchObject({ removed: [] });
    expect(await syncLock({ cwd })).toMatchObject({ removed: ["weather"], unchanged: ["news"] });
    expect((await fixture.lock()).tools.map(({ name }) => name)).toEqual(["news"]);
  });

  it("keeps the pin when the user renames the tool, and takes the new place when he moves it", async () => {
    const repository = await fixture.repository();
    const old = await repository.commit(toolFiles());
    const { cwd } = fixture;
    await fixture.writeSettings(`[tools.weather]\ngit = "${repository.url}"\n`);
    await syncLock({ cwd });
    await repository.commit(toolFiles({ code: "1" }));
    await fixture.writeSettings(`[tools.meteo]\ngit = "${repository.url}"\n`);
    expect(await syncLock({ cwd })).toMatchObject({ added: ["meteo"], removed: ["weather"] });
    expect((await fixture.lock()).tools).toMatchObject([{ name: "meteo", commit: old }]);

    const next = await repository.commit(toolFiles({ code: "2" }), { branch: "next" });
    await fixture.writeSettings(`[tools.meteo]\ngit = "${repository.url}"\nref = "next"\n`);
    expect(await syncLock({ cwd })).toMatchObject({ changed: ["meteo"] });
    expect((await fixture.lock()).tools).toMatchObject([{ name: "meteo", ref: "next", commit: next }]);
  });

  it("pins one repository's tool twice under two names", async () => {
    const repository = await fixture.repository();
    await repository.commit(toolFiles());
    const tools = ["metric", "imperial"].map((unit) =>
      fromGit(repository.url, { name: `weather_${unit}`, toolVars: { unit } }),
    );
    const options = { cwd: fixture.cwd, tools };
    await syncLock(options);
    expect((await fixture.lock()).tools.map(({ name }) => name)).toEqual(["weather_imperial", "weather_metric"]);
    expect(await fixture.call("weather_imperial", options)).toBe("sunny in Seoul, imperial");
    expect(await fixture.call("weather_metric", options)).toBe("sunny in Seoul, metric");
  });

  it("names the repository's tools when the root is none", async () => {
    const repository = await fixture.repository();
    await repository.commit({ ...toolFolders({ weather: {}, news: {} }), "docs/readme.txt": "x" });
    for (const path of ["", "docs"]) {
      await expect(
        new Pocket({ cwd: fixture.cwd, tools: [fromGit(repository.url, { path })] }).load(),
      ).rejects.toMatchObject({
        code: "ERR_POCKET_MANIFEST_INVALID",
        hint: expect.stringMatching(/"news".*"weather"/u),
      });
      await rm(fixture.lockPath, { force: true });
    }
  });
});
