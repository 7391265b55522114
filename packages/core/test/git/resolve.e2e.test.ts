import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GitRepository } from "@toolpocket/test-kit";
import { codesOf, createFetchFixture, textOf, want, type FetchFixture } from "./fetch-fixture.ts";

const tool = (text: string) => ({ "weather/config.toml": text, "weather/main.py": "print()" });

describe("createGitFetcher().fetch() resolves", () => {
  let fixture: FetchFixture;
  let repository: GitRepository;
  let first: string;
  let second: string;
  let branch: string;

  beforeAll(async () => {
    fixture = await createFetchFixture();
    repository = await fixture.server.repository("group/sub/tools");
    first = await repository.commit(tool("first"));
    await repository.tag("v1.0", first, { message: "one" });
    await repository.tag("light", first);
    second = await repository.commit(tool("second"));
    await repository.branch("feature/x", first);
    branch = await repository.commit(tool("branch"), { branch: "feature/x" });
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  const at = (rest: string) => fixture.fetchOne(`${repository.url}${rest}`);
  const source = (ref: string) => ({ kind: "git" as const, url: repository.url, ref, path: "weather" });

  test("the remote's HEAD when no ref is named", async () => {
    const { resolution } = await fixture.fetchOne({ kind: "git", url: repository.url, path: "weather" });
    expect(resolution).toEqual({ kind: "git", url: repository.url, ref: "HEAD", path: "weather", commit: second });
  });

  test("a branch with a slash, and the path behind it", async () => {
    const tree = await at("/tree/feature/x/weather");
    expect(tree.resolution).toMatchObject({ ref: "feature/x", path: "weather", commit: branch });
    expect(textOf(tree)).toEqual({ "config.toml": "branch", "main.py": "print()" });
  });

  test("an annotated tag to the commit, not to the tag", async () => {
    expect((await at("/tree/v1.0/weather")).resolution).toMatchObject({ ref: "v1.0", commit: first });
    expect((await fixture.fetchOne(source("light"))).resolution.commit).toBe(first);
  });

  test("a full sha, also one that no ref points to any more", async () => {
    expect((await at(`/tree/${first}/weather`)).resolution).toMatchObject({ ref: first, commit: first });
    const old = await repository.commit(tool("old"), { branch: "moved" });
    await repository.commit(tool("new"), { branch: "moved" });
    expect(textOf(await fixture.fetchOne(source(old)))["config.toml"]).toBe("old");
  });

  test("a short sha of a tip, and one that only the history knows", async () => {
    expect((await at(`/tree/${second.slice(0, 8)}/weather`)).resolution.commit).toBe(second);
    const middle = await repository.commit(tool("middle"));
    await repository.commit(tool("last"));
    const found = await fixture.fetchOne(source(middle.slice(0, 9)));
    expect(found.resolution).toMatchObject({ ref: middle.slice(0, 9), commit: middle });
    expect(textOf(found)["config.toml"]).toBe("middle");
  });

  test("a path to a manifest as its folder, and a blob URL", async () => {
    expect((await at("/tree/v1.0/weather/config.toml")).resolution.path).toBe("weather");
    expect((await at("/blob/v1.0/weather/main.py")).resolution.path).toBe("weather");
  });

  test("and throws ERR_POCKET_REF_NOT_FOUND naming the nearest when there is no such ref", async () => {
    await expect(at("/tree/mian/weather")).rejects.toMatchObject({
      code: "ERR_POCKET_REF_NOT_FOUND",
      hint: 'use the ref "main"',
    });
    await expect(fixture.fetchOne(source("feature/y"))).rejects.toMatchObject({ hint: 'use the ref "feature/x"' });
    await expect(fixture.fetchOne(source("0123456"))).rejects.toMatchObject({ code: "ERR_POCKET_REF_NOT_FOUND" });
    await expect(fixture.fetchOne(source("0".repeat(40)))).rejects.toMatchObject({ code: "ERR_POCKET_REF_NOT_FOUND" });
  });

  test("and throws ERR_POCKET_REF_NOT_FOUND when a short sha stands for more than one commit", async () => {
    const crowded = await fixture.server.repository("crowded");
    // 300 commits have two with the same first four digits often enough: more are made until they do.
    const seen = new Set<string>();
    let double: string | undefined;
    for (let round = 0; double === undefined; round += 1) {
      const stream = Array.from({ length: 300 }, (_, index) => {
        const number = round * 300 + index;
        return `commit refs/heads/main\ncommitter A <a@example.invalid> ${1_700_000_000 + number} +0000\ndata 0\n`;
      });
      const from = round === 0 ? "" : "from refs/heads/main^0\n";
      await crowded.git(["fast-import", "--quiet"], `${stream[0]}${from}${stream.slice(1).join("")}`);
      for (const commit of (await crowded.git(["rev-list", "main"])).split("\n")) {
        const short = commit.slice(0, 4);
        if (seen.has(short)) double = short;
        seen.add(short);
      }
      if (double === undefined) seen.clear();
    }
    await expect(fixture.fetchOne({ kind: "git", url: crowded.url, ref: double, path: "" })).rejects.toMatchObject({
      code: "ERR_POCKET_REF_NOT_FOUND",
      message: expect.stringContaining("more than one"),
    });
  });

  test("and throws ERR_POCKET_REF_NOT_FOUND when the repository is empty", async () => {
    const empty = await fixture.server.repository("empty");
    await expect(fixture.fetchOne(empty.url)).rejects.toMatchObject({ code: "ERR_POCKET_REF_NOT_FOUND" });
  });

  test("and throws ERR_POCKET_PATH_NOT_FOUND naming the nearest when there is no such folder", async () => {
    await expect(at("/tree/main/tools/weather")).rejects.toMatchObject({
      code: "ERR_POCKET_PATH_NOT_FOUND",
      hint: 'use the folder "weather"',
    });
    await expect(at("/tree/main/wheather")).rejects.toMatchObject({ hint: 'use the folder "weather"' });
    await expect(at("/tree/main/weather/main.py")).rejects.toMatchObject({ code: "ERR_POCKET_PATH_NOT_FOUND" });
  });

  test("the folders that have a manifest when the wanted one has none", async () => {
    expect((await fixture.fetchOne(repository.url)).toolFolders).toEqual(["weather"]);
    expect((await at("/tree/v1.0/weather")).toolFolders).toBeUndefined();
  });
});

describe("createGitFetcher().fetch() with a pin", () => {
  let fixture: FetchFixture;
  beforeAll(async () => {
    fixture = await createFetchFixture();
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  test("gives the pinned commit when the branch has moved, was rewritten, or is gone", async () => {
    const repository = await fixture.server.repository("pinned");
    const pinned = await repository.commit(tool("pinned"), { branch: "work" });
    const wanted = { kind: "git" as const, url: repository.url, ref: "work", path: "weather" };
    await repository.commit(tool("moved"), { branch: "work" });
    expect(textOf(await fixture.fetchOne(wanted, { commit: pinned }))["config.toml"]).toBe("pinned");

    const rewritten = await repository.commit(tool("rewritten"), { branch: "work" });
    await repository.commit(tool("orphan"), { branch: "work", orphan: true });
    const tree = await fixture.fetchOne(wanted, { commit: rewritten });
    expect(textOf(tree)["config.toml"]).toBe("rewritten");
    expect(tree.resolution).toMatchObject({ ref: "work", commit: rewritten });

    const gone = await repository.commit(tool("gone"), { branch: "work" });
    await repository.removeRef("refs/heads/work");
    expect(textOf(await fixture.fetchOne(wanted, { commit: gone }))["config.toml"]).toBe("gone");
  });

  test("does not ask for refs", async () => {
    const repository = await fixture.server.repository("quiet");
    const commit = await repository.commit(tool("x"));
    fixture.server.forgetRequests();
    await fixture.fetchOne({ kind: "git", url: repository.url, path: "weather" }, { commit });
    expect(fixture.server.requests.filter(({ command }) => command === "ls-refs")).toEqual([]);
  });

  test("throws ERR_POCKET_REF_NOT_FOUND when the server has the commit no more, and the others come through", async () => {
    const repository = await fixture.server.repository("pruned");
    const lost = await repository.commit(tool("lost"));
    await repository.commit(tool("kept"), { orphan: true });
    await repository.git(["gc", "--quiet", "--prune=now"]);
    const url = repository.url;
    const path = "weather";
    const outcomes = await fixture.fetch([
      want({ kind: "git", url, path }, lost),
      want({ kind: "git", url, path }),
      want({ kind: "git", url, path }, "f".repeat(40)),
      want({ kind: "git", url, path }, "f".repeat(64)),
    ]);
    expect(codesOf(outcomes).slice(0, 3)).toEqual(["ERR_POCKET_REF_NOT_FOUND", "ok", "ERR_POCKET_REF_NOT_FOUND"]);
    expect(outcomes[0]).toMatchObject({ reason: { hint: expect.stringContaining("pocket lock update") } });
    expect(outcomes[3]?.status).toBe("rejected");
  });

  test("throws TypeError when the source's path is not divided or the pin is not whole", async () => {
    const { url } = await fixture.server.repository("pinned");
    const undivided = { kind: "git" as const, url, path: "", refAndPath: "main/weather" };
    await expect(fixture.fetchOne(undivided, { commit: "a".repeat(40) })).rejects.toThrow(TypeError);
    await expect(fixture.fetchOne({ kind: "git", url, path: "" }, { commit: "abc" })).rejects.toThrow(TypeError);
  });
});
