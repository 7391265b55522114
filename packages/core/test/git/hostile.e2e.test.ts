import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { GitRepository } from "@toolpocket/test-kit";
import { codesOf, createFetchFixture, textOf, want, type FetchFixture } from "./fetch-fixture.ts";

let fixture: FetchFixture;
/** Holds what hostile code would make, and the home folder that git sees. */
let ground: string;

beforeAll(async () => {
  fixture = await createFetchFixture();
});
afterAll(async () => fixture[Symbol.asyncDispose]());
beforeEach(async () => {
  ground = await mkdtemp(join(tmpdir(), "hostile-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(ground, { recursive: true, force: true });
});

let repositories = 0;
async function repositoryWith(files: Parameters<GitRepository["commit"]>[0]): Promise<GitRepository> {
  const repository = await fixture.server.repository(`r${(repositories += 1)}`);
  await repository.commit(files);
  return repository;
}

/** Moves main to a commit of a tree that git itself would not make. */
async function commitTree(repository: GitRepository, tree: string): Promise<void> {
  const text = `tree ${tree}\nauthor A <a@example.invalid> 1 +0000\ncommitter A <a@example.invalid> 1 +0000\n\nx\n`;
  const commit = await repository.git(["hash-object", "-t", "commit", "-w", "--stdin"], text);
  await repository.branch("main", commit);
}

async function writeTree(repository: GitRepository, entries: readonly [mode: string, name: string, object: string][]) {
  const parts = entries.map(([mode, name, object]) =>
    Buffer.concat([Buffer.from(`${mode} ${name}\0`, "latin1"), Buffer.from(object, "hex")]),
  );
  return repository.git(["hash-object", "-t", "tree", "-w", "--literally", "--stdin"], Buffer.concat(parts));
}

describe("createGitFetcher().fetch() refuses with ERR_POCKET_TREE_REFUSED when", () => {
  test.each([
    [
      "a link leaves the tool's folder",
      { "a/config.toml": "", "a/evil": { link: "../secret" }, secret: "s" },
      /"evil" points out of/u,
    ],
    ["a link is absolute", { "a/config.toml": "", "a/evil": { link: "/etc/passwd" } }, /absolute/u],
    ["a link points to itself", { "a/config.toml": "", "a/evil": { link: "evil" } }, /itself/u],
    ["a link is endless", { "a/config.toml": "", "a/evil": { link: "x/".repeat(5_000) } }, /longer than any path/u],
    ["names differ in case", { "a/config.toml": "", "a/CONFIG.toml": "" }, /case does not count/u],
    ["a name has a colon", { "a/config.toml": "", "a/C:x": "" }, /colon/u],
  ])("%s", async (_case, files, message) => {
    const repository = await repositoryWith(files);
    const fetched = fixture.fetchOne(`${repository.url}/tree/main/a`);
    await expect(fetched).rejects.toMatchObject({
      code: "ERR_POCKET_TREE_REFUSED",
      message: expect.stringMatching(message),
    });
  });

  test.each([
    ["..", "100644"],
    [".git", "100644"],
    [".GIT", "100644"],
    ["a\\b", "100644"],
    ["\xFF", "100644"],
    ["esc\x1B[2J", "100644"],
  ])("a name is %j, which only a forged tree can have", async (name, mode) => {
    const repository = await repositoryWith({ "config.toml": "" });
    const blob = await repository.git(["rev-parse", "main:config.toml"]);
    await commitTree(repository, await writeTree(repository, [[mode, name, blob]]));
    await expect(fixture.fetchOne(repository.url)).rejects.toMatchObject({ code: "ERR_POCKET_TREE_REFUSED" });
  });

  test("there are too many files or bytes; the hint names the tools that are there", async () => {
    const repository = await repositoryWith({ "a/config.toml": "12345", "b/config.toml": "12345", x: "1", y: "2" });
    await expect(fixture.fetchOne(repository.url, { maxTreeFiles: 3 })).rejects.toMatchObject({
      code: "ERR_POCKET_TREE_REFUSED",
      hint: expect.stringContaining('"a", "b"'),
    });
    const tool = `${repository.url}/tree/main/a`;
    await expect(fixture.fetchOne(tool, { maxTreeBytes: 4 })).rejects.toThrow(/more than 4 bytes/u);
    expect(textOf(await fixture.fetchOne(tool, { maxTreeBytes: 5, maxTreeFiles: 1 }))).toEqual({
      "config.toml": "12345",
    });
  });

  test("contents are too large to be read unseen: only the tool that breaks its limit is refused", async () => {
    const zeros = (megabytes: number) => Buffer.alloc(megabytes * 1_000_000);
    const repository = await repositoryWith({
      "a/config.toml": "a",
      "a/data": zeros(20),
      "a/link": { link: "data" },
      "b/config.toml": "b",
      "b/data": zeros(45),
    });
    const wanted = ["a", "b"].map((path) => want(`${repository.url}/tree/main/${path}`));
    const outcomes = await fixture.fetch(wanted, { maxTreeBytes: 41_000_000 });
    expect(codesOf(outcomes)).toEqual(["ok", "ERR_POCKET_TREE_REFUSED"]);
    // The copy that the link stands for counts too.
    expect(codesOf(await fixture.fetch(wanted, { maxTreeBytes: 39_000_000 }))).toEqual([
      "ok",
      "ERR_POCKET_TREE_REFUSED",
    ]);
    await fixture.store.removeTree(outcomes[0]?.status === "fulfilled" ? outcomes[0].value.integrity : "");
    expect(codesOf(await fixture.fetch(wanted, { maxTreeBytes: 39_000_000 }))).toEqual([
      "ERR_POCKET_TREE_REFUSED",
      "ERR_POCKET_TREE_REFUSED",
    ]);
  });

  test("a tree holds itself ten times over, ten levels deep, and the tool beside it comes through", async () => {
    const repository = await repositoryWith({ "config.toml": "ok" });
    const blob = await repository.git(["rev-parse", "main:config.toml"]);
    let tree = await writeTree(repository, [["100644", "f", blob]]);
    for (let level = 0; level < 10; level += 1) {
      tree = await writeTree(
        repository,
        Array.from({ length: 10 }, (_, at) => ["40000", `d${at}`, tree]),
      );
    }
    const good = await writeTree(repository, [["100644", "config.toml", blob]]);
    await commitTree(
      repository,
      await writeTree(repository, [
        ["40000", "bomb", tree],
        ["40000", "good", good],
      ]),
    );
    const outcomes = await fixture.fetch(["bomb", "good"].map((path) => want(`${repository.url}/tree/main/${path}`)));
    expect(codesOf(outcomes)).toEqual(["ERR_POCKET_TREE_REFUSED", "ok"]);
  });

  test("the fetch takes too much of the disk", async () => {
    const repository = await fixture.server.repository("huge");
    await repository.configure("uploadpack.allowFilter", "false");
    await repository.configure("core.compression", "0");
    await repository.configure("pack.compression", "0");
    await repository.commit({ "config.toml": "", "large.bin": Buffer.alloc(60_000_000, 1) });
    await expect(fixture.fetchOne(repository.url, { maxFetchBytes: 1_000 })).rejects.toMatchObject({
      code: "ERR_POCKET_TREE_REFUSED",
    });
  });
});

describe("createGitFetcher().fetch()", () => {
  test("copies what a link points to when it is inside, and leaves submodules out by name", async () => {
    const repository = await repositoryWith({
      "a/config.toml": "",
      "a/lib/x.py": "x",
      "a/x.py": { link: "lib/x.py" },
      "a/again": { link: "lib" },
      "a/vendor": { submodule: "1".repeat(40) },
      "a/.gitmodules": '[submodule "vendor"]\n\tpath = vendor\n\turl = ext::sh -c touch% /tmp/x\n',
    });
    const tree = await fixture.fetchOne(`${repository.url}/tree/main/a`);
    expect(Object.keys(textOf(tree)).toSorted()).toEqual([
      ".gitmodules",
      "again/x.py",
      "config.toml",
      "lib/x.py",
      "x.py",
    ]);
    expect(textOf(tree)["x.py"]).toBe("x");
    expect(tree.submodules).toEqual(["vendor"]);
  });

  test("runs neither filters nor hooks nor aliases, and converts nothing, whatever attributes and configuration say", async () => {
    const marker = join(ground, "ran");
    const run = `"touch ${marker}; cat"`;
    await mkdir(join(ground, "hooks"));
    for (const hook of ["post-checkout", "reference-transaction", "post-index-change"]) {
      await writeFile(join(ground, "hooks", hook), `#!/bin/sh\ntouch ${marker}\n`);
      await chmod(join(ground, "hooks", hook), 0o755);
    }
    await writeFile(
      join(ground, ".gitconfig"),
      [
        `[filter "evil"]\n\tsmudge = ${run}\n\tclean = ${run}\n\trequired = true`,
        `[diff "evil"]\n\ttextconv = ${run}`,
        `[core]\n\thooksPath = ${join(ground, "hooks")}\n\tfsmonitor = touch ${marker}\n\tautocrlf = true\n\tpager = touch ${marker}`,
        `[alias]\n\tfetch = !touch ${marker}\n\tls-tree = !touch ${marker}`,
        `[init]\n\ttemplateDir = ${ground}`,
      ].join("\n"),
    );
    vi.stubEnv("HOME", ground);
    vi.stubEnv("XDG_CONFIG_HOME", ground);
    const repository = await repositoryWith({
      "config.toml": "a\nb\r\n$Id$\n",
      ".gitattributes": "* filter=evil diff=evil text eol=crlf ident working-tree-encoding=UTF-16\n",
    });
    const tree = await fixture.fetchOne(repository.url);
    expect(textOf(tree)["config.toml"]).toBe("a\nb\r\n$Id$\n");
    expect(existsSync(marker)).toBe(false);
  });

  test("does not follow url.insteadOf, nor variables that point git elsewhere", async () => {
    const repository = await repositoryWith({ "config.toml": "right" });
    const wrong = await repositoryWith({ "config.toml": "wrong" });
    await writeFile(join(ground, ".gitconfig"), `[url "${wrong.url}"]\n\tinsteadOf = ${repository.url}\n`);
    vi.stubEnv("HOME", ground);
    vi.stubEnv("GIT_DIR", wrong.path);
    vi.stubEnv("GIT_OBJECT_DIRECTORY", join(wrong.path, "objects"));
    vi.stubEnv("GIT_NAMESPACE", "elsewhere");
    vi.stubEnv("GIT_PROXY_COMMAND", "false");
    vi.stubEnv("GIT_CONFIG_COUNT", "1");
    vi.stubEnv("GIT_CONFIG_KEY_0", `url.${wrong.url}.insteadOf`);
    vi.stubEnv("GIT_CONFIG_VALUE_0", repository.url);
    expect(textOf(await fixture.fetchOne(repository.url))).toEqual({ "config.toml": "right" });
  });

  test("takes no option from a URL, a ref or a path, even one that no parser has seen", async () => {
    const marker = join(ground, "ran");
    const repository = await repositoryWith({ "config.toml": "" });
    const evil = `--upload-pack=touch ${marker}`;
    const outcomes = await fixture.fetch([
      { source: { kind: "git", url: evil, path: "" } },
      { source: { kind: "git", url: evil, path: "" }, commit: "a".repeat(40) },
      { source: { kind: "git", url: `ext::touch ${marker}`, path: "" } },
      { source: { kind: "git", url: `ext::touch ${marker}`, path: "" }, commit: "a".repeat(40) },
      { source: { kind: "git", url: `ssh://-oProxyCommand=touch${"${IFS}"}${marker}/x`, path: "" } },
      { source: { kind: "git", url: repository.url, ref: evil, path: "" } },
      { source: { kind: "git", url: repository.url, path: `--output=${marker}` } },
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 7 }, () => "rejected"));
    expect(existsSync(marker)).toBe(false);
  });
});
