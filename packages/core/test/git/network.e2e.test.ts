import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { codesOf, createFetchFixture, textOf, want, type FetchFixture } from "./fetch-fixture.ts";

async function fixtureFor(options?: Parameters<typeof createFetchFixture>[0]): Promise<FetchFixture> {
  const fixture = await createFetchFixture(options);
  onTestFinished(async () => fixture[Symbol.asyncDispose]());
  return fixture;
}

/** A server that takes connections and never answers. */
async function startSilentServer(): Promise<string> {
  const server = createServer((socket) => socket.on("error", () => undefined));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/repo`;
}

/** A process that fetches `url` into the store at `home`, and prints what came of it. */
function startFetching(home: string, url: string) {
  const source = (path: string) => JSON.stringify(join(import.meta.dirname, "../../src", path));
  const script = `
    import { createGitFetcher } from ${source("git/git-fetcher.ts")};
    import { openStore } from ${source("store/store.ts")};
    import { parseSource } from ${source("source/parse-source.ts")};
    const fetcher = createGitFetcher({ store: openStore({ home: ${JSON.stringify(home)} }) });
    const [outcome] = await fetcher.fetch([{ source: parseSource(${JSON.stringify(url)}, "/") }]);
    console.log(outcome.status === "fulfilled" ? outcome.value.integrity : outcome.reason.message);`;
  const args = ["--conditions=toolpocket-source", "--input-type=module", "-e", script];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const output = child.stdout.setEncoding("utf8").toArray();
  return { child, output: output.then((chunks) => chunks.join("").trim()) };
}

afterEach(() => vi.unstubAllEnvs());

describe("createGitFetcher().fetch() throws", () => {
  test("ERR_POCKET_SOURCE_UNREACHABLE that says why when host, port or repository are wrong", async () => {
    const fixture = await fixtureFor();
    const silent = createServer();
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    silent.close();
    const outcomes = await fixture.fetch([
      want("https://no-such-host.invalid/org/repo"),
      want(`http://127.0.0.1:${port}/repo`),
      want(`${fixture.server.url}/absent.git`),
      want("file:///no/such/repository"),
    ]);
    expect(codesOf(outcomes)).toEqual(Array.from({ length: 4 }, () => "ERR_POCKET_SOURCE_UNREACHABLE"));
    const messages = outcomes.map((outcome) => (outcome.status === "rejected" ? String(outcome.reason.message) : ""));
    expect(messages[0]).toMatch(/no-such-host\.invalid.*host is unknown/u);
    expect(messages[1]).toMatch(/cannot be reached/u);
    expect(messages[2]).toMatch(/no such repository/u);
    expect(messages[3]).toMatch(/no such repository/u);
  });

  test("ERR_POCKET_FETCH_TIMEOUT, and leaves no process, when the server never answers", async () => {
    const fixture = await fixtureFor();
    const url = await startSilentServer();
    const started = performance.now();
    await expect(fixture.fetchOne(url, { timeoutMs: 700 })).rejects.toMatchObject({ code: "ERR_POCKET_FETCH_TIMEOUT" });
    expect(performance.now() - started).toBeLessThan(5_000);
    await vi.waitFor(() => expect(spawnSync("ps", ["-eo", "args"], { encoding: "utf8" }).stdout).not.toContain(url));
    expect(await readdir(join(fixture.home, "tmp"))).toEqual([]);
  });

  test("the signal's reason when it is aborted, before or meanwhile", async () => {
    const fixture = await fixtureFor();
    const url = await startSilentServer();
    const reason = new Error("enough");
    await expect(fixture.fetchOne(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 300);
    await expect(fixture.fetchOne(url, { signal: controller.signal })).rejects.toBe(reason);
  });

  test("ERR_POCKET_GIT_MISSING when there is no git, or one that is too old", async () => {
    const fixture = await fixtureFor();
    const folder = await mkdtemp(join(tmpdir(), "no-git-"));
    onTestFinished(async () => rm(folder, { recursive: true }));
    vi.stubEnv("PATH", folder);
    await expect(fixture.fetchOne("https://git.example/x")).rejects.toMatchObject({ code: "ERR_POCKET_GIT_MISSING" });
    await writeFile(join(folder, "git"), "#!/bin/sh\necho git version 2.25.1\n", { mode: 0o755 });
    await expect(fixture.fetchOne("https://git.example/x")).rejects.toMatchObject({
      code: "ERR_POCKET_GIT_MISSING",
      message: expect.stringContaining("2.25"),
    });
  });
});

describe("createGitFetcher().fetch() of a private repository", () => {
  test("asks nobody and throws when there are no credentials, and uses the user's credential helper when there is one", async () => {
    const fixture = await fixtureFor({ auth: { username: "ada", password: "s3cret" } });
    const repository = await fixture.server.repository("private");
    await repository.commit({ "config.toml": "private" });
    const home = await mkdtemp(join(tmpdir(), "home-"));
    onTestFinished(async () => rm(home, { recursive: true }));
    vi.stubEnv("HOME", home);
    vi.stubEnv("XDG_CONFIG_HOME", home);
    vi.stubEnv("GIT_ASKPASS", "/bin/false");
    await expect(fixture.fetchOne(repository.url)).rejects.toMatchObject({
      code: "ERR_POCKET_SOURCE_UNREACHABLE",
      message: expect.stringContaining("credentials"),
    });
    const helper = `!f() { test "$1" = get && echo username=ada && echo password=s3cret; }; f`;
    await writeFile(
      join(home, ".gitconfig"),
      `[credential "${fixture.server.url}"]\n\thelper = ${JSON.stringify(helper)}\n`,
    );
    const tree = await fixture.fetchOne(repository.url);
    expect(textOf(tree)).toEqual({ "config.toml": "private" });
    expect(JSON.stringify(tree)).not.toContain("s3cret");
  });
});

test.skipIf(process.platform === "win32")(
  "createGitFetcher().fetch() goes over ssh, by the user's own command, when the source is user@host:path",
  async () => {
    const fixture = await fixtureFor();
    const repository = await fixture.server.repository("over-ssh");
    await repository.commit({ "a/config.toml": "ssh" });
    const folder = await mkdtemp(join(tmpdir(), "ssh-"));
    onTestFinished(async () => rm(folder, { recursive: true }));
    // Runs on this machine what it is asked to run on the other one: its last argument.
    const ssh = join(folder, "ssh");
    await writeFile(ssh, `#!/bin/sh\necho "$@" >> ${folder}/log\nfor last; do :; done\nexec sh -c "$last"\n`, {
      mode: 0o755,
    });
    vi.stubEnv("GIT_SSH_COMMAND", ssh);
    const tree = await fixture.fetchOne({
      kind: "git",
      url: `git@git.example:${repository.path}`,
      ref: "main",
      path: "a",
    });
    expect(textOf(tree)).toEqual({ "config.toml": "ssh" });
    expect(await readFile(join(folder, "log"), "utf8")).toContain("git@git.example git-upload-pack");
  },
);

describe("one store", () => {
  test("serves two processes that fetch the same repository at once", async () => {
    const fixture = await fixtureFor();
    const repository = await fixture.server.repository("shared");
    await repository.commit({ "config.toml": "shared", "src/main.py": "1" });
    const both = [startFetching(fixture.home, repository.url), startFetching(fixture.home, repository.url)];
    const [one, two] = await Promise.all(both.map(async ({ output }) => output));
    expect(one).toMatch(/^sha256-/u);
    expect(two).toBe(one);
    expect((await fixture.store.readTree(one ?? ""))?.size).toBe(2);
    expect(await readdir(join(fixture.home, "tmp"))).toEqual([]);
  });

  test("is sound when a process is killed in the middle of a fetch", async () => {
    const fixture = await fixtureFor();
    const silent = await startSilentServer();
    const { child } = startFetching(fixture.home, silent);
    await vi.waitFor(async () => expect(await readdir(join(fixture.home, "tmp"))).toHaveLength(1), { timeout: 10_000 });
    child.kill("SIGKILL");
    await once(child, "close");
    const repository = await fixture.server.repository("after");
    await repository.commit({ "config.toml": "after" });
    expect(textOf(await fixture.fetchOne(repository.url))).toEqual({ "config.toml": "after" });
    expect(await readdir(join(fixture.home, "trees"))).toHaveLength(1);
  });
});
