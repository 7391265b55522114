import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { syncLock } from "../../src/lockfile/sync.ts";
import { Pocket } from "../../src/pocket/pocket.ts";
import { fromGit } from "../../src/tool-request.ts";
import { writeTool } from "../pocket/tool-folder.ts";
import { toolFolders, useLockFixture } from "./lock-fixture.ts";

const fixture = useLockFixture();

describe("syncLock() when frozen or offline", () => {
  it("throws ERR_POCKET_LOCK_FROZEN that lists the changes, before anything is fetched", async () => {
    const repository = await fixture.repository();
    await repository.commit(toolFolders({ weather: {}, news: {} }));
    const { cwd } = fixture;
    const [weather, news] = ["weather", "news"].map((path) => fromGit(repository.url, { path }));
    await syncLock({ cwd, tools: [weather ?? ""] });
    fixture.server.forgetRequests();
    vi.stubEnv("CI", "1");
    const tools = [weather ?? "", news ?? ""];
    for (const attempt of [() => syncLock({ cwd, tools }), () => new Pocket({ cwd, tools }).load()]) {
      await expect(attempt()).rejects.toMatchObject({
        code: "ERR_POCKET_LOCK_FROZEN",
        details: { changes: [expect.stringContaining("#news")] },
      });
    }
    expect(fixture.server.requests).toEqual([]);
    await new Pocket({ cwd, tools: [weather ?? ""] }).load();
    await new Pocket({ cwd, tools, frozen: false }).load();
    expect((await fixture.lock()).tools).toHaveLength(2);
  });

  it("checks the whole lock strictly when `lock sync` is frozen", async () => {
    await writeTool(join(fixture.cwd, "w"));
    await fixture.writeSettings('[tools.weather]\nlocal = "./w"\n');
    await expect(syncLock({ cwd: fixture.cwd, frozen: true })).rejects.toMatchObject({
      code: "ERR_POCKET_LOCK_FROZEN",
      details: { changes: ["add weather"] },
    });
    await syncLock({ cwd: fixture.cwd });
    expect(await syncLock({ cwd: fixture.cwd, frozen: true })).toMatchObject({ written: false });
  });

  it("works offline from lock and store, and throws ERR_POCKET_OFFLINE for each tool that is not there", async () => {
    const repository = await fixture.repository();
    await repository.commit(toolFolders({ weather: {}, news: {} }));
    const { cwd } = fixture;
    const tools = ["weather", "news"].map((path) => fromGit(repository.url, { path }));
    await syncLock({ cwd, tools: tools.slice(0, 1) });
    fixture.server.forgetRequests();
    expect(await fixture.call("weather", { tools: tools.slice(0, 1), offline: true })).toBe("sunny in Seoul, metric");
    await expect(new Pocket({ cwd, tools, offline: true }).load()).rejects.toMatchObject({
      code: "ERR_POCKET_OFFLINE",
    });
    fixture.useFreshStore();
    await expect(syncLock({ cwd, tools, offline: true })).rejects.toMatchObject({
      details: { failures: [{ code: "ERR_POCKET_OFFLINE", tool: "weather" }, { code: "ERR_POCKET_OFFLINE" }] },
    });
    expect(fixture.server.requests).toEqual([]);
  });
});
