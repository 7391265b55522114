import { createFakeInvoker } from "@toolpocket/test-kit/fake-invoker";
import { describe, expect, it } from "vitest";
import { formatLockfile } from "../../src/lockfile/format-lockfile.ts";
import { syncLock } from "../../src/lockfile/sync.ts";
import { Pocket } from "../../src/pocket/pocket.ts";
import { fromGit } from "../../src/tool-request.ts";
import { toolFiles } from "../pocket/tool-folder.ts";
import { toolFolders, useLockFixture } from "./lock-fixture.ts";

const fixture = useLockFixture();

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
    expect(await fixture.call("weather", { tools })).toBe("old");
    const before = await fixture.lockText();

    await repository.commit(toolFiles({ code: 'process.stdout.write("new");' }));
    fixture.useFreshStore();
    expect(await fixture.call("weather", { tools })).toBe("old");
    expect(await fixture.lockText()).toBe(before);

    await repository.configure("uploadpack.allowAnySHA1InWant", "true");
    await repository.commit(toolFiles({ code: 'process.stdout.write("forced");' }), { orphan: true });
    fixture.useFreshStore();
    expect(await fixture.call("weather", { tools, frozen: true })).toBe("old");
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
