import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isPocketError, PocketError } from "../../src/errors.ts";
import { formatSource } from "../../src/source/format-source.ts";
import { parseSource } from "../../src/source/parse-source.ts";
import type { GitSource } from "../../src/source/source.ts";
import { fromFunction, fromGit, fromLocal } from "../../src/tool-request.ts";

const CWD = "/srv/agent";

function git(url: string, more: Partial<GitSource> = {}): GitSource {
  return { kind: "git", url, path: "", ...more };
}

function errorOf(parse: () => unknown): PocketError {
  try {
    parse();
  } catch (error) {
    if (error instanceof PocketError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("parseSource() reads the source when the string is", () => {
  const REPO = "https://git.example/org/repo";
  test.each<[string, GitSource]>([
    [REPO, git(REPO)],
    [`${REPO}/`, git(REPO)],
    [`${REPO}.git`, git(`${REPO}.git`)],
    [`${REPO}?tab=readme`, git(REPO)],
    [`${REPO}#usage`, git(REPO)],
    ["HTTPS://Git.Example:443/org/repo", git(REPO)],
    ["http://git.example:8080/repo", git("http://git.example:8080/repo")],
    ["https://git.example/group/sub/sub/repo", git("https://git.example/group/sub/sub/repo")],
    [`${REPO}/tree/main`, git(REPO, { ref: "main" })],
    [`${REPO}/tree/main/`, git(REPO, { ref: "main" })],
    [`${REPO}/tree/HEAD`, git(REPO)],
    [`${REPO}/tree/main/tools/weather`, git(REPO, { refAndPath: "main/tools/weather" })],
    [`${REPO}/tree/feature%2Fx/tools`, git(REPO, { refAndPath: "feature/x/tools" })],
    [`${REPO}/tree/main/my%20tool/`, git(REPO, { refAndPath: "main/my tool" })],
    [`${REPO}/tree/main/tree/oak`, git(REPO, { refAndPath: "main/tree/oak" })],
    [`${REPO}/blob/main/weather/config.toml`, git(REPO, { refAndPath: "main/weather" })],
    [`${REPO}/blob/main/weather/src/main.py`, git(REPO, { refAndPath: "main/weather/src" })],
    [`${REPO}/blob/v1/pocket.json`, git(REPO, { ref: "v1" })],
    [`${REPO}/-/tree/main/weather`, git(REPO, { refAndPath: "main/weather" })],
    [`${REPO}/-/blob/main/weather/config.toml`, git(REPO, { refAndPath: "main/weather" })],
    ["https://git.example/a/tree.git/tree/main", git("https://git.example/a/tree.git", { ref: "main" })],
    ["https://git.example/org/tree", git("https://git.example/org/tree")],
    [`${REPO}/src/branch/main/weather`, git(REPO, { refAndPath: "main/weather" })],
    [`${REPO}/src/tag/v1`, git(REPO, { ref: "v1" })],
    [
      "https://bitbucket.org/org/repo/src/main/weather",
      git("https://bitbucket.org/org/repo", { refAndPath: "main/weather" }),
    ],
    [`git+${REPO}`, git(REPO)],
    [`git+${REPO}@v1.2#tools/weather`, git(REPO, { ref: "v1.2", path: "tools/weather" })],
    [`git+${REPO}.git@feature/x#subdirectory=weather`, git(`${REPO}.git`, { ref: "feature/x", path: "weather" })],
    [`git+${REPO}#weather/config.toml`, git(REPO, { path: "weather" })],
    ["git+ssh://git@git.example/org/repo", git("ssh://git@git.example/org/repo")],
    ["ssh://git@GIT.example:2222/org/repo.git", git("ssh://git@git.example:2222/org/repo.git")],
    [
      "ssh://git@git.example/org/repo/tree/main/weather",
      git("ssh://git@git.example/org/repo", { refAndPath: "main/weather" }),
    ],
    ["git@git.example:org/repo.git", git("git@git.example:org/repo.git")],
    ["file:///srv/repo", git("file:///srv/repo")],
    ["file:///srv/repo/tree/main/weather", git("file:///srv/repo", { refAndPath: "main/weather" })],
    ["https://[::1]:8080/repo", git("https://[::1]:8080/repo")],
  ])("%s", (text, source) => {
    expect(parseSource(text, CWD)).toEqual(source);
  });

  test.each([
    ["./weather", "/srv/agent/weather"],
    ["weather", "/srv/agent/weather"],
    ["../weather", "/srv/weather"],
    ["/srv/weather", "/srv/weather"],
    ["C:\\weather", "/srv/agent/C:\\weather"],
    ["./odd:name", "/srv/agent/odd:name"],
    ["local:./weather", "/srv/agent/weather"],
  ])("the path %s", (text, path) => {
    expect(parseSource(text, CWD)).toEqual({ kind: "local", path });
  });
});

describe("parseSource() throws ERR_POCKET_SOURCE_INVALID when the string", () => {
  test.each([
    ["is empty", "", /is empty/u],
    ["begins with a dash", "--upload-pack=touch /tmp/x", /begins with "-"/u],
    ["has a control character", "https://git.example/a\u0007b", /control character/u],
    ["has a line break", "weather\n", /control character/u],
    ["ends with a space", "https://git.example/a ", /space/u],
    ["names a remote helper", "ext::sh -c touch% /tmp/x", /remote helper/u],
    ["names another transport", "git://git.example/repo", /not allowed/u],
    ["names a scheme without //", "javascript:alert(1)", /no transport/u],
    ["has a password", "https://ada:s3cret@git.example/repo", /carries credentials/u],
    ["has a token as its user", "https://ghp_s3cret@git.example/repo", /carries credentials/u],
    ["has an ssh password", "ssh://git:s3cret@git.example/repo", /carries credentials/u],
    ["has an ssh option as its host", "ssh://-oProxyCommand=x/repo", /not a URL|no valid host/u],
    ["has an ssh option as its user", "ssh://-oProxyCommand=x@git.example/repo", /no valid user/u],
    ["has an scp path that begins with a dash", "git@git.example:-oX", /not allowed/u],
    ["leaves the repository", "https://git.example/org/repo/tree/main/../../x", /"\.\."/u],
    ["leaves it in percent-encoding", "https://git.example/org/repo/tree/main/%2e%2E/x", /"\.\."/u],
    ["leaves it in an encoded slash", "https://git.example/org/repo/tree/main/a%2f..%2f..%2fx", /may leave/u],
    ["goes into git's folder", "https://git.example/org/repo/tree/main/.git/hooks", /git's own folder/u],
    ["has a broken encoding", "https://git.example/org/repo/tree/%zz", /percent-encoding/u],
    ["has an encoded control character", "https://git.example/org/repo/tree/a%00b", /control character/u],
    ["has a backslash", "https://git.example\\org\\repo", /backslash/u],
    ["names no repository", "https://git.example/", /names no repository/u],
    ["has no host", "https:///org/repo/..", /"\.\."/u],
    ["says its place in the query", "https://git.example/org/_git/repo?path=/x&version=GBmain", /in its query/u],
    ["is a file URL of another host", "file://server/share/repo", /names the host/u],
    ["has a ref that git does not allow", "https://git.example/org/repo/tree/a..b", /does not allow/u],
  ])("%s", (_case, text, message) => {
    const error = errorOf(() => parseSource(text, CWD));
    expect(error.code).toBe("ERR_POCKET_SOURCE_INVALID");
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("s3cret");
    expect(error.hint).toBeTruthy();
  });
});

describe("parseSource() with a request", () => {
  const REPO = "https://git.example/org/repo";
  test.each([
    ["ref and path", fromGit(REPO, "dev", "weather"), git(REPO, { ref: "dev", path: "weather" })],
    ["a path with ./ and /", fromGit(REPO, { path: "./tools//weather/" }), git(REPO, { path: "tools/weather" })],
    ["a path to a manifest", fromGit(REPO, { path: "weather/pocket.json" }), git(REPO, { path: "weather" })],
    ["the ref HEAD", fromGit(REPO, { ref: "HEAD" }), git(REPO)],
    [
      "a ref that divides the URL",
      fromGit(`${REPO}/tree/feature/x/weather`, { ref: "feature/x" }),
      git(REPO, { ref: "feature/x", path: "weather" }),
    ],
    [
      "a path that divides the URL",
      fromGit(`${REPO}/tree/feature/x/weather`, { path: "weather" }),
      git(REPO, { ref: "feature/x", path: "weather" }),
    ],
    [
      "a path behind the URL's ref",
      fromGit(`${REPO}/tree/main`, { path: "weather" }),
      git(REPO, { ref: "main", path: "weather" }),
    ],
  ])("takes %s", (_case, request, source) => {
    expect(parseSource(request.target, CWD)).toEqual(source);
  });

  test.each([
    ["another ref than the URL's", fromGit(`${REPO}/tree/main`, { ref: "dev" })],
    ["a ref that does not begin the URL's", fromGit(`${REPO}/tree/main/weather`, { ref: "dev" })],
    ["a path that does not end the URL's", fromGit(`${REPO}/tree/main/weather`, { path: "news" })],
    ["another path than the URL's", fromGit(`git+${REPO}#weather`, { path: "news" })],
    ["a path that leaves", fromGit(REPO, { path: "a/../../x" })],
    ["an absolute path", fromGit(REPO, { path: "/etc" })],
    ["a path that begins with a dash", fromGit(REPO, { path: "--output=x" })],
    ["a ref that begins with a dash", fromGit(REPO, { ref: "--upload-pack=x" })],
    ["an empty ref", fromGit(REPO, { ref: "" })],
    ["a folder as its URL", fromGit("./repo")],
    ["an empty local path", fromLocal("")],
  ])("throws ERR_POCKET_SOURCE_INVALID when it has %s", (_case, request) => {
    expect(errorOf(() => parseSource(request.target, CWD)).code).toBe("ERR_POCKET_SOURCE_INVALID");
  });

  test("takes a local path from cwd, and a function by its name", () => {
    expect(parseSource(fromLocal("tools/x").target, CWD)).toEqual({ kind: "local", path: "/srv/agent/tools/x" });
    const add = fromFunction({ name: "add", description: "", inputSchema: {}, run: () => 1 });
    expect(parseSource(add.target, CWD)).toEqual({ kind: "function", name: "add" });
  });
});

describe("parseSource()", () => {
  const pieces = fc.constantFrom(
    "https://",
    "ssh://",
    "file://",
    "git+",
    "git@",
    "host",
    "/",
    "//",
    ":",
    "@",
    "..",
    ".git",
    "tree",
    "-",
    "blob",
    "src",
    "%2e",
    "%",
    "?",
    "#",
    "=",
    "\\",
    "\u0000",
    "[",
    "]",
    "main",
    " ",
    "::",
    "subdirectory",
  );
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.array(pieces, { maxLength: 12 }).map((all) => all.join("")),
  );

  test("throws nothing but PocketError, and accepts nothing that leaves a repository, when the text is anything", () => {
    fc.assert(
      fc.property(text, fc.option(text, { nil: undefined }), fc.option(text, { nil: undefined }), (url, ref, path) => {
        try {
          const target = {
            kind: "git" as const,
            url,
            ...(ref !== undefined && { ref }),
            ...(path !== undefined && { path }),
          };
          for (const source of [parseSource(target, CWD), parseSource(url, CWD)]) {
            if (source.kind !== "git") continue;
            expect(source.url).toMatch(/^(?:https?|ssh|file):\/\/|^\w[\w.+-]*@/u);
            for (const part of [source.path, source.ref ?? "", source.refAndPath ?? ""]) {
              expect(part).not.toMatch(/^[-/]|\p{Cc}|\\|(?:^|\/)\.\.(?:\/|$)/u);
            }
          }
        } catch (error) {
          if (!isPocketError(error)) throw error;
        }
      }),
      { numRuns: 3_000 },
    );
  });

  const segment = fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9_ %#?é-]{0,8}[a-z0-9]$/u);
  const path = fc.array(segment, { maxLength: 3 }).map((all) => all.join("/"));
  const ref = fc.array(fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,8}[a-z0-9]$/u), { minLength: 1, maxLength: 3 });

  test("reads back what formatSource() wrote when the source has a ref and a path", () => {
    fc.assert(
      fc.property(ref, path, (segments, folder) => {
        const name = segments.join("/");
        fc.pre(!/\.\.|\.lock/u.test(name) && !segments.includes("tree") && !segments.includes("blob"));
        const source = git("https://git.example/org/repo", { ref: name, path: folder });
        expect(parseSource(formatSource(source), CWD)).toEqual(source);
      }),
    );
  });
});
