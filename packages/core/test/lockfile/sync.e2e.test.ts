import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createFakeInvoker } from "@toolpocket/test-kit/fake-invoker";
import { describe, expect, it, vi } from "vitest";
import { formatLockfile } from "../../src/lockfile/format-lockfile.ts";
import { syncLock } from "../../src/lockfile/sync.ts";
import { Pocket } from "../../src/pocket/pocket.ts";
import type { PocketOptions, ProgressEvent } from "../../src/pocket-options.ts";
import { fromGit } from "../../src/tool-request.ts";
import { toolFiles, writeTool } from "../pocket/tool-folder.ts";
import { toolFolders, useLockFixture } from "./lock-fixture.ts";

const fixture = useLockFixture();
const CHILD = join(import.meta.dirname, "sync-in-child.ts");

async function call(name: string, options: PocketOptions): Promise<string> {
  await using pocket = new Pocket({ cwd: fixture.cwd, invoker: createFakeInvoker(), ...options });
  const outcome = await pocket.invoke(name, { city: "Seoul" });
  return outcome.status === "ok" ? outcome.output : outcome.error.message;
}

describe("syncLock()", () => {
  it("pins tools of several repositories, one fetch for each, and tells what it did", async () => {
    const [one, two] = [await fixture.repository(), await fixture.repository()];
    const commit = await one.commit(toolFolders({ weather: {}, news: {} }));
    await two.commit(toolFiles({ name: "maps", config: '[permissions]\nnetwork = ["b.example", "a.example"]' }));
    const tools = [`${one.url}/tree/main/weather`, fromGit(one.url, "main", "news"), two.url];
    const report = await syncLock({ cwd: fixture.cwd, tools });
    expect(report).toEqual({
      lockfile: fixture.lockPath,
      written: true,
      added: ["maps", "news", "weather"],
      changed: [],
      removed: [],
      unchanged: [],
      repaired: [],
      warnings: [],
      broken: [],
    });
    const lock = await fixture.lock();
    expect(lock.tools).toMatchObject([
      { name: "maps", url: two.url, ref: "HEAD", path: "", permissions: { network: ["a.example", "b.example"] } },
      { name: "news", url: one.url, ref: "main", path: "news", commit },
      { name: "weather", url: one.url, ref: "main", path: "weather", commit },
    ]);
    const requestsOf = (name: string): string[] =>
      fixture.server.requests
        .filter(({ repository }) => one.url.includes(repository) === (name === "one"))
        .map(({ command }) => command);
    expect(requestsOf("one")).toEqual(requestsOf("two"));
    expect(await fixture.lockText()).toBe(formatLockfile(lock));
  });

  it("asks no server and writes nothing when nothing is new", async () => {
    const repository = await fixture.repository();
    await repository.commit(toolFiles());
    await syncLock({ cwd: fixture.cwd, tools: [repository.url] });
    fixture.server.forgetRequests();
    const report = await syncLock({ cwd: fixture.cwd, tools: [repository.url] });
    expect(report).toMatchObject({ written: false, unchanged: ["weather"], added: [], changed: [] });
    expect(fixture.server.requests).toEqual([]);
  });

  it("keeps the pin, to the byte, on a fresh store after the branch has moved or was force-pushed", async () => {
    const repository = await fixture.repository();
    await repository.commit(toolFiles({ code: 'process.stdout.write("old");' }));
    const tools = [`${repository.url}/tree/main`];
    expect(await call("weather", { tools })).toBe("old");
    const before = await fixture.lockText();

    await repository.commit(toolFiles({ code: 'process.stdout.write("new");' }));
    fixture.useFreshStore();
    expect(await call("weather", { tools })).toBe("old");
    expect(await fixture.lockText()).toBe(before);

    await repository.configure("uploadpack.allowAnySHA1InWant", "true");
    await repository.commit(toolFiles({ code: 'process.stdout.write("forced");' }), { orphan: true });
    fixture.useFreshStore();
    expect(await call("weather", { tools, frozen: true })).toBe("old");
    expect(await fixture.lockText()).toBe(before);
  });

  it("collects all failures, and leaves the lock as it was", async () => {
    const repository = await fixture.repository();
    await repository.commit(toolFolders({ weather: {} }));
    await syncLock({ cwd: fixture.cwd, tools: [fromGit(repository.url, { path: "weather" })] });
    const before = await fixture.lockText();
    const tools = [
      fromGit(repository.url, { path: "weather" }),
      fromGit(repository.url, { path: "weathr" }),
      fromGit(repository.url, { ref: "mian", path: "weather", name: "other" }),
      `${fixture.server.url}/nothing.git`,
      "./missing",
    ];
    const error = await syncLock({ cwd: fixture.cwd, tools }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "ERR_POCKET_SYNC_FAILED",
      details: {
        failures: expect.arrayContaining([
          expect.objectContaining({ code: "ERR_POCKET_PATH_NOT_FOUND", source: expect.stringContaining("#weathr") }),
          expect.objectContaining({ code: "ERR_POCKET_REF_NOT_FOUND", tool: "other" }),
          expect.objectContaining({ code: "ERR_POCKET_SOURCE_UNREACHABLE" }),
          expect.objectContaining({ code: "ERR_POCKET_PATH_NOT_FOUND", source: "./missing" }),
        ]),
      },
    });
    expect(await fixture.lockText()).toBe(before);
  });

  it("throws ERR_POCKET_SYNC_FAILED also for a lone failure, where load() throws the failure itself", async () => {
    const tools = [`${fixture.server.url}/nothing.git`];
    await expect(syncLock({ cwd: fixture.cwd, tools })).rejects.toMatchObject({
      code: "ERR_POCKET_SYNC_FAILED",
      details: { failures: [{ code: "ERR_POCKET_SOURCE_UNREACHABLE" }] },
    });
    await expect(new Pocket({ cwd: fixture.cwd, tools }).load()).rejects.toMatchObject({
      code: "ERR_POCKET_SOURCE_UNREACHABLE",
    });
  });

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
    expect(await call("weather", options)).toBe("sunny in Seoul, metric");
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
    expect(await call("weather_imperial", options)).toBe("sunny in Seoul, imperial");
    expect(await call("weather_metric", options)).toBe("sunny in Seoul, metric");
  });

  it("locks a tool with a broken manifest without a definition, and the others with theirs", async () => {
    const repository = await fixture.repository();
    await repository.commit({
      ...toolFolders({ weather: {} }),
      "bad/config.toml": 'name = "bad"\nlanguage = "pyton"\n',
    });
    const options = { cwd: fixture.cwd, tools: ["weather", "bad"].map((path) => fromGit(repository.url, { path })) };
    expect(await syncLock(options)).toMatchObject({ added: ["bad", "weather"], broken: [{ name: "bad" }] });
    expect((await fixture.lock()).tools[0]).not.toHaveProperty("definition");
    await using pocket = new Pocket({ ...options, invoker: createFakeInvoker() });
    expect(await pocket.brokenTools()).toMatchObject([
      { name: "bad", source: expect.stringMatching(/^git\+http.*@[0-9a-f]{40}#bad$/u) },
    ]);
    await expect(pocket.invoke("bad", {})).rejects.toMatchObject({
      code: "ERR_POCKET_TOOL_BROKEN",
      hint: expect.stringContaining("pocket lock update bad"),
    });
    expect(await pocket.invoke("weather", { city: "X" })).toMatchObject({ status: "ok" });
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

  it("stores digests of the wheels that a tool brings", async () => {
    const repository = await fixture.repository();
    await repository.commit({
      "config.toml": 'name = "py"\ndescription = "Python"\nlanguage = "python"\nentrypoint = "main.py"\n',
      "main.py": "print(1)\n",
      "wheels/tiny-1.0-py3-none-any.whl": "PK",
    });
    await syncLock({ cwd: fixture.cwd, tools: [repository.url] });
    expect((await fixture.lock()).tools).toMatchObject([
      { wheels: [expect.stringMatching(/^tiny 1\.0 sha256-[0-9a-f]{64}$/u)] },
    ]);
  });
});

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
    expect(await call("weather", { tools: tools.slice(0, 1), offline: true })).toBe("sunny in Seoul, metric");
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

describe("syncLock() beside other processes", () => {
  function startSync(...args: string[]): Promise<number> {
    const child = spawn(process.execPath, ["--conditions=toolpocket-source", CHILD, fixture.cwd, ...args], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    return once(child, "exit").then(([code]) => Number(code));
  }

  it("loses nothing when processes sync different tools at once", async () => {
    const repository = await fixture.repository();
    const names = ["a", "b", "c", "d"];
    await repository.commit(toolFolders(Object.fromEntries(names.map((name) => [name, {}]))));
    expect(await Promise.all(names.map((name) => startSync(repository.url, name)))).toEqual([0, 0, 0, 0]);
    expect((await fixture.lock()).tools.map(({ name }) => name)).toEqual(names);
  });

  it("takes over the pin of another process that was faster while the branch moved", async () => {
    const repository = await fixture.repository();
    const first = await repository.commit(toolFiles({ code: 'process.stdout.write("first");' }));
    const tools = [repository.url];
    await syncLock({ cwd: fixture.cwd, tools });
    const written = await fixture.lockText();
    await rm(fixture.lockPath);
    await repository.commit(toolFiles({ code: 'process.stdout.write("second");' }));
    const onProgress = ({ stage, state }: ProgressEvent): void => {
      if (stage === "fetch" && state === "done") writeFileSync(fixture.lockPath, written);
    };
    expect(await call("weather", { tools, onProgress })).toBe("first");
    expect(await fixture.lockText()).toBe(written);
    expect((await fixture.lock()).tools).toMatchObject([{ commit: first }]);
  });
});
