import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { syncLock } from "../../src/lockfile/sync.ts";
import { verifyLock } from "../../src/lockfile/verify.ts";
import { writeTool } from "../pocket/tool-folder.ts";
import { toolFolders, useLockFixture } from "./lock-fixture.ts";

const fixture = useLockFixture();

/** Settings with a tool in a repository and a local one, locked. */
async function lockProject(): Promise<string> {
  const repository = await fixture.repository();
  await repository.commit(toolFolders({ weather: { config: '[permissions]\nnetwork = ["a.example"]' }, news: {} }));
  await writeTool(join(fixture.cwd, "mine"), { name: "mine" });
  const settings = `[tools.weather]\ngit = "${repository.url}"\npath = "weather"\n\n[tools.mine]\nlocal = "./mine"\n`;
  await fixture.writeSettings(settings);
  await syncLock({ cwd: fixture.cwd });
  fixture.server.forgetRequests();
  return settings;
}

async function stateOf(name: string): Promise<unknown> {
  const { ok, tools } = await verifyLock({ cwd: fixture.cwd });
  const found = tools.find((tool) => tool.name === name);
  expect(ok).toBe(tools.every(({ state }) => state === "ok"));
  return found?.state;
}

describe("verifyLock()", () => {
  it("is ok, and asks no server, when settings, lock and store agree", async () => {
    await lockProject();
    expect(await verifyLock({ cwd: fixture.cwd })).toEqual({
      ok: true,
      lockfile: fixture.lockPath,
      tools: [
        { name: "mine", source: "local:mine", state: "ok" },
        { name: "weather", source: expect.stringMatching(/^git\+http:.*@[0-9a-f]{40}#weather$/u), state: "ok" },
      ],
      sessions: [],
    });
    expect(fixture.server.requests).toEqual([]);
  });

  it("tells what is missing, damaged, different, stale or unlocked, and changes nothing", async () => {
    const settings = await lockProject();
    const sound = await fixture.lockText();

    await fixture.tamper("index.js");
    expect(await stateOf("weather")).toBe("damaged");
    fixture.useFreshStore();
    expect(await stateOf("weather")).toBe("missing");
    await syncLock({ cwd: fixture.cwd });
    expect(await stateOf("weather")).toBe("ok");

    await fixture.writeLock(sound.replace("a.example", "b.example"));
    expect(await stateOf("weather")).toBe("differs");
    await fixture.writeLock(sound.replace(/definition = "sha256-[0-9a-f]{4}/u, 'definition = "sha256-0000'));
    expect(await stateOf("weather")).toBe("differs");
    await fixture.writeLock(sound);

    await fixture.writeSettings(settings.replace("[tools.mine]", "[tools.own]").replace("./mine", "./nowhere"));
    expect(await stateOf("mine")).toBe("stale");
    expect(await stateOf("own")).toBe("unlocked");
    await fixture.writeSettings(
      `${settings}[tools.news]\ngit = "${/git = "(.*)"/u.exec(settings)?.[1]}"\npath = "news"\n`,
    );
    expect(await stateOf("news")).toBe("unlocked");

    await fixture.writeSettings(settings);
    await rm(join(fixture.cwd, "mine"), { recursive: true });
    expect(await stateOf("mine")).toBe("missing");
    expect(await fixture.lockText()).toBe(sound);
  });

  it("throws ERR_POCKET_LOCK_INVALID when the lock is corrupt", async () => {
    await fixture.writeLock("version = 1\n[[tool]]\n");
    await expect(verifyLock({ cwd: fixture.cwd })).rejects.toMatchObject({ code: "ERR_POCKET_LOCK_INVALID" });
  });
});
