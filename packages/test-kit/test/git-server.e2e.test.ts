import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGitServer, type GitServer } from "@toolpocket/test-kit";

const run = promisify(execFile);

async function git(...args: string[]): Promise<string> {
  const env = { ...process.env, GIT_TERMINAL_PROMPT: "0", GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  return (await run("git", args, { env })).stdout;
}

describe("startGitServer()", () => {
  let server: GitServer;
  let folder: string;

  beforeAll(async () => {
    server = await startGitServer();
    folder = await mkdtemp(join(tmpdir(), "git-clone-"));
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("gives an ordinary git clone the files that were committed, and logs what it asked", async () => {
    const repository = await server.repository("plain");
    await repository.commit({
      "a/hello.txt": "hello\n",
      run: { executable: "#!/bin/sh\n" },
      link: { link: "a/hello.txt" },
    });
    server.forgetRequests();
    await git("clone", "--quiet", repository.url, join(folder, "plain"));
    expect(await readFile(join(folder, "plain/link"), "utf8")).toBe("hello\n");
    expect(server.requests.map(({ repository: name, command }) => `${name} ${command}`)).toEqual([
      "plain refs",
      "plain ls-refs",
      "plain fetch",
    ]);
  });

  test("advertises branches, lightweight tags and annotated tags when they were made", async () => {
    const repository = await server.repository("refs");
    const commit = await repository.commit({ a: "1" });
    await repository.branch("feature/x", commit);
    await repository.tag("light", commit);
    const tag = await repository.tag("v1", commit, { message: "one" });
    expect(tag).not.toBe(commit);
    expect(await git("ls-remote", repository.url)).toBe(
      [
        `${commit}\tHEAD`,
        `${commit}\trefs/heads/feature/x`,
        `${commit}\trefs/heads/main`,
        `${commit}\trefs/tags/light`,
        `${tag}\trefs/tags/v1`,
        `${commit}\trefs/tags/v1^{}`,
        "",
      ].join("\n"),
    );
  });

  test("rewrites a branch when the commit is an orphan", async () => {
    const repository = await server.repository("rewritten");
    const first = await repository.commit({ a: "1" });
    const second = await repository.commit({ b: "2" }, { orphan: true });
    expect(await repository.git(["rev-list", "main"])).toBe(second);
    expect(second).not.toBe(first);
    expect(await repository.git(["ls-tree", "--name-only", "main"])).toBe("b");
  });

  test("refuses who does not know the password", async () => {
    await using closed = await startGitServer({ auth: { username: "ada", password: "s3cret" } });
    const repository = await closed.repository("private");
    await repository.commit({ a: "1" });
    await expect(git("ls-remote", repository.url)).rejects.toThrow(/could not read Username/u);
    expect(await git("ls-remote", repository.url.replace("://", "://ada:s3cret@"))).toContain("refs/heads/main");
    expect(closed.requests.map(({ status }) => status)).toContain(401);
  });
});
