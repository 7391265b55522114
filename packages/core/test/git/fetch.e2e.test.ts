import { chmod, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { GitServerOptions } from "@toolpocket/test-kit";
import type { ProgressEvent } from "../../src/pocket-options.ts";
import { codesOf, createFetchFixture, textOf, want, type FetchFixture } from "./fetch-fixture.ts";

async function fixtureFor(options?: GitServerOptions): Promise<FetchFixture> {
  const fixture = await createFetchFixture(options);
  onTestFinished(async () => fixture[Symbol.asyncDispose]());
  return fixture;
}

function toolsIn(count: number): Record<string, string> {
  const files: Record<string, string> = { "unwanted/large.bin": "x".repeat(100_000) };
  for (let number = 0; number < count; number += 1) {
    files[`tools/t${number}/config.toml`] = `name = "t${number}"`;
    files[`tools/t${number}/src/main.py`] = `print(${number})`;
    files[`tools/t${number}/LICENSE`] = "the same in all";
  }
  return files;
}

const commands = ({ server }: FetchFixture) =>
  server.requests.map(({ repository, command }) => `${repository} ${command}`);

describe("createGitFetcher().fetch()", () => {
  test("asks a repository once for refs, commits and contents when many tools of it are wanted", async () => {
    const fixture = await fixtureFor();
    const repository = await fixture.server.repository("many");
    await repository.commit(toolsIn(20));
    const wanted = Array.from({ length: 20 }, (_, number) => want(`${repository.url}/tree/main/tools/t${number}`));
    fixture.server.forgetRequests();
    const outcomes = await fixture.fetch(wanted);
    for (const [number, outcome] of outcomes.entries()) {
      if (outcome.status === "rejected") throw outcome.reason;
      expect(textOf(outcome.value)).toEqual({
        "config.toml": `name = "t${number}"`,
        "src/main.py": `print(${number})`,
        LICENSE: "the same in all",
      });
    }
    // New to this machine and small: one exchange. Where it is known, it is asked first what has changed.
    expect(commands(fixture)).toEqual(["many refs", "many ls-refs", "many fetch"]);
    await repository.commit({ ...toolsIn(20), "tools/t0/src/main.py": "print('changed')" });
    fixture.server.forgetRequests();
    expect(codesOf(await fixture.fetch(wanted))).toEqual(wanted.map(() => "ok"));
    expect(commands(fixture)).toEqual([
      "many refs",
      "many ls-refs",
      "many refs",
      "many fetch",
      "many refs",
      "many fetch",
    ]);
  });

  test("fetches nothing but what is wanted when the server can leave contents out", async () => {
    const fixture = await fixtureFor();
    const repository = await fixture.server.repository("large");
    await repository.commit({
      "a/config.toml": "a",
      "big.bin": Buffer.alloc(3_000_000, "no zeros here ").toString("hex"),
    });
    const tree = await fixture.fetchOne(`${repository.url}/tree/main/a`, { maxFetchBytes: 500_000 });
    expect(textOf(tree)).toEqual({ "config.toml": "a" });
  });

  test("gives each repository its own fetch, and each tool its own outcome, when some fail", async () => {
    const fixture = await fixtureFor();
    const good = await fixture.server.repository("good");
    const other = await fixture.server.repository("other");
    await good.commit(toolsIn(2));
    await other.commit({ "config.toml": "other" });
    const outcomes = await fixture.fetch([
      want(`${good.url}/tree/main/tools/t0`),
      want(`${good.url}/tree/nowhere/tools/t0`),
      want(`${fixture.server.url}/absent.git`),
      want(other.url),
      want(`${good.url}/tree/main/tools/t9`),
      want(`${good.url}/tree/main/tools/t1`),
    ]);
    expect(codesOf(outcomes)).toEqual([
      "ok",
      "ERR_POCKET_REF_NOT_FOUND",
      "ERR_POCKET_SOURCE_UNREACHABLE",
      "ok",
      "ERR_POCKET_PATH_NOT_FOUND",
      "ok",
    ]);
  });

  test("asks for no content when the store has the trees, and no server at all when they are pinned", async () => {
    const fixture = await fixtureFor();
    const repository = await fixture.server.repository("again");
    const commit = await repository.commit({ "a/config.toml": "a" });
    const first = await fixture.fetchOne(`${repository.url}/tree/main/a`);
    fixture.server.forgetRequests();
    expect(await fixture.fetchOne(`${repository.url}/tree/main/a`)).toEqual(first);
    expect(commands(fixture)).toEqual(["again refs", "again ls-refs"]);
    fixture.server.forgetRequests();
    const source = { kind: "git" as const, url: repository.url, ref: "main", path: "a" };
    expect(await fixture.fetchOne(source, { commit })).toEqual(first);
    expect(await fixture.fetchOne(source, { commit, offline: true })).toEqual(first);
    expect(commands(fixture)).toEqual([]);
  });

  test("throws ERR_POCKET_OFFLINE when offline is set and the store has not the tree", async () => {
    const fixture = await fixtureFor();
    const { url } = await fixture.server.repository("offline");
    await expect(fixture.fetchOne(url, { offline: true })).rejects.toMatchObject({ code: "ERR_POCKET_OFFLINE" });
    const source = { kind: "git" as const, url, path: "" };
    await expect(fixture.fetchOne(source, { offline: true, commit: "a".repeat(40) })).rejects.toMatchObject({
      code: "ERR_POCKET_OFFLINE",
      hint: expect.stringContaining("pocket lock sync"),
    });
    expect(commands(fixture)).toEqual([]);
  });

  test("fetches again, and mends the store, when a stored tree was changed", async () => {
    const fixture = await fixtureFor();
    const repository = await fixture.server.repository("tampered");
    await repository.commit({ "config.toml": "good" });
    const { integrity } = await fixture.fetchOne(repository.url);
    const file = join(fixture.store.treePath(integrity), "config.toml");
    await chmod(file, 0o644);
    await writeFile(file, "evil");
    await expect(fixture.store.readTree(integrity)).rejects.toMatchObject({ code: "ERR_POCKET_INTEGRITY" });
    expect(textOf(await fixture.fetchOne(repository.url))).toEqual({ "config.toml": "good" });
    expect(await fixture.store.readTree(integrity)).not.toBeNull();
  });

  test("leaves no scratch behind, and tells its progress", async () => {
    const fixture = await fixtureFor();
    const repository = await fixture.server.repository("progress");
    await repository.commit({ "config.toml": "a" });
    const events: ProgressEvent[] = [];
    const onProgress = (event: ProgressEvent) => void events.push(event);
    await fixture.fetch([want(repository.url), want(`${fixture.server.url}/absent`)], { onProgress });
    expect(events.toSorted((a, b) => (a.subject ?? "").localeCompare(b.subject ?? ""))).toEqual([
      { stage: "fetch", subject: `${fixture.server.url}/absent`, state: "start" },
      { stage: "fetch", subject: `${fixture.server.url}/absent`, state: "failed" },
      { stage: "fetch", subject: repository.url, state: "start" },
      { stage: "fetch", subject: repository.url, state: "done" },
    ]);
    expect(await readdir(join(fixture.home, "tmp"))).toEqual([]);
  });
});

describe("createGitFetcher().fetch() comes to the same tree when the server", () => {
  const FILES = { ...toolsIn(2), "tools/t0/link": { link: "src/main.py" } };

  test("knows no partial clones", async () => {
    const fixture = await fixtureFor();
    const repository = await fixture.server.repository("plain");
    await repository.configure("uploadpack.allowFilter", "false");
    await repository.commit(FILES);
    fixture.server.forgetRequests();
    const tree = await fixture.fetchOne(`${repository.url}/tree/main/tools/t0`);
    expect(textOf(tree)["link"]).toBe("print(0)");
    expect(commands(fixture).filter((command) => command.endsWith("fetch"))).toHaveLength(1);
  });

  test("speaks the old protocol and gives no single objects", async () => {
    const fixture = await fixtureFor({ allowsNewProtocol: false });
    const repository = await fixture.server.repository("old");
    const first = await repository.commit({ "a/config.toml": "first" });
    await repository.commit({ "a/config.toml": "second" });
    const source = { kind: "git" as const, url: repository.url, ref: "main", path: "a" };
    expect(textOf(await fixture.fetchOne(source))).toEqual({ "config.toml": "second" });
    // No ref points to the first commit: it is found in the history.
    expect(textOf(await fixture.fetchOne(source, { commit: first }))).toEqual({ "config.toml": "first" });
    expect(textOf(await fixture.fetchOne({ ...source, ref: first.slice(0, 10) }))).toEqual({ "config.toml": "first" });
    await repository.configure("uploadpack.allowFilter", "false");
    const third = await repository.commit({ "a/config.toml": "third" });
    await repository.commit({ "a/config.toml": "fourth" });
    expect(textOf(await fixture.fetchOne(source, { commit: third }))).toEqual({ "config.toml": "third" });
  });

  test("speaks the old protocol, and the pinned commit is in no history any more", async () => {
    const fixture = await fixtureFor({ allowsNewProtocol: false });
    const repository = await fixture.server.repository("rewritten");
    const lost = await repository.commit({ "config.toml": "lost" });
    await repository.commit({ "config.toml": "new" }, { orphan: true });
    const source = { kind: "git" as const, url: repository.url, path: "" };
    await expect(fixture.fetchOne(source, { commit: lost })).rejects.toMatchObject({
      code: "ERR_POCKET_REF_NOT_FOUND",
    });
  });

  test("has a SHA-256 repository", async () => {
    const fixture = await fixtureFor();
    const repository = await fixture.server.repository("long");
    await rm(repository.path, { recursive: true });
    await fixture.server
      .repository("group")
      .then(async ({ git }) =>
        git(["init", "--quiet", "--bare", "--object-format=sha256", "--initial-branch=main", repository.path]),
      );
    await repository.configure("uploadpack.allowFilter", "true");
    const commit = await repository.commit({ "a/config.toml": "long" });
    expect(commit).toHaveLength(64);
    const tree = await fixture.fetchOne(`${repository.url}/tree/main/a`);
    expect(tree.resolution.commit).toBe(commit);
    expect(textOf(tree)).toEqual({ "config.toml": "long" });
  });

  test("is a folder of this machine, also one that is a shallow clone itself", async () => {
    const fixture = await fixtureFor();
    const repository = await fixture.server.repository("shallow");
    await repository.commit({ "a/config.toml": "1" });
    await repository.commit({ "a/config.toml": "2" });
    const clone = join(fixture.home, "clone");
    await repository.git(["clone", "--quiet", "--depth=1", repository.url, clone]);
    for (const url of [`file://${repository.path}`, `file://${clone}`]) {
      await fixture.store.removeTree((await fixture.fetchOne(`${url}/tree/main/a`)).integrity);
      expect(textOf(await fixture.fetchOne(`${url}/tree/main/a`))).toEqual({ "config.toml": "2" });
    }
  });
});
