import { createFakeInvoker } from "@toolpocket/test-kit/fake-invoker";
import { describe, expect, it } from "vitest";
import { syncLock } from "../../src/lockfile/sync.ts";
import { Pocket } from "../../src/pocket/pocket.ts";
import { toolFiles } from "../pocket/tool-folder.ts";
import { useLockFixture } from "./lock-fixture.ts";

const fixture = useLockFixture();

describe("syncLock() of content that is not what the lock pins", () => {
  it("repairs a store that was tampered with, where load() refuses it", async () => {
    const repository = await fixture.repository();
    await repository.commit(toolFiles());
    const options = { cwd: fixture.cwd, tools: [repository.url] };
    await syncLock(options);
    await fixture.tamper("index.js");
    const invoker = createFakeInvoker();
    await expect(new Pocket({ ...options, invoker }).invoke("weather", { city: "X" })).rejects.toMatchObject({
      code: "ERR_POCKET_INTEGRITY",
      message: expect.stringContaining("weather"),
      hint: expect.stringContaining("pocket lock sync"),
    });
    expect(invoker.runs).toEqual([]);
    expect(await syncLock(options)).toMatchObject({ written: false, repaired: ["weather"] });
    expect(await fixture.call("weather", options)).toBe("sunny in Seoul, metric");
  });

  it("repairs what only the lock knows when settings.toml holds no tools", async () => {
    const repository = await fixture.repository();
    await repository.commit(toolFiles());
    await new Pocket({ cwd: fixture.cwd, tools: [repository.url] }).load();
    const before = await fixture.lockText();
    await fixture.tamper("index.js");
    expect(await syncLock({ cwd: fixture.cwd })).toMatchObject({ repaired: ["weather"], removed: [] });
    expect(await fixture.lockText()).toBe(before);
  });

  it("throws ERR_POCKET_INTEGRITY and runs nothing when the repository gives other content than the lock pins", async () => {
    const repository = await fixture.repository();
    await repository.commit(toolFiles());
    const options = { cwd: fixture.cwd, tools: [repository.url] };
    await syncLock(options);
    const forged = (await fixture.lockText()).replace(
      /integrity = "sha256-[0-9a-f]{8}/u,
      'integrity = "sha256-00000000',
    );
    await fixture.writeLock(forged);
    fixture.useFreshStore();
    const invoker = createFakeInvoker();
    await expect(new Pocket({ ...options, invoker }).invoke("weather", { city: "X" })).rejects.toMatchObject({
      code: "ERR_POCKET_INTEGRITY",
    });
    expect(invoker.runs).toEqual([]);
    await expect(syncLock(options)).rejects.toMatchObject({
      details: { failures: [{ code: "ERR_POCKET_INTEGRITY" }] },
    });
    expect(await fixture.lockText()).toBe(forged);
  });

  it("throws ERR_POCKET_INTEGRITY when the lock states other permissions or another definition than the content has", async () => {
    const repository = await fixture.repository();
    await repository.commit(toolFiles({ config: '[permissions]\nnetwork = ["a.example"]' }));
    const options = { cwd: fixture.cwd, tools: [repository.url] };
    await syncLock(options);
    const sound = await fixture.lockText();
    for (const forged of [
      sound.replace("a.example", "*.example"),
      sound.replace(/definition = "sha256-[0-9a-f]{4}/u, 'definition = "sha256-0000'),
    ]) {
      await fixture.writeLock(forged);
      await expect(new Pocket(options).load()).rejects.toMatchObject({ code: "ERR_POCKET_INTEGRITY" });
      expect(await syncLock({ ...options, acceptPermissions: true })).toMatchObject({ changed: ["weather"] });
      expect(await fixture.lockText()).toBe(sound);
    }
  });
});
