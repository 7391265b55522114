import { expect, test } from "vitest";
import { toGitError } from "../../src/git/git-failure.ts";

const url = "https://git.example/org/repo";
const idle = new AbortController().signal;

test.each([
  [
    "fatal: unable to access 'https://x/': Could not resolve host: x",
    "ERR_POCKET_SOURCE_UNREACHABLE",
    /host is unknown/u,
  ],
  ["ssh: Could not resolve hostname x: Name or service not known", "ERR_POCKET_SOURCE_UNREACHABLE", /host is unknown/u],
  [
    "fatal: unable to access 'x': Failed to connect to x port 443: Connection refused",
    "ERR_POCKET_SOURCE_UNREACHABLE",
    /cannot be reached/u,
  ],
  [
    "fatal: could not read Username for 'https://x': terminal prompts disabled",
    "ERR_POCKET_SOURCE_UNREACHABLE",
    /credentials/u,
  ],
  [
    "git@x: Permission denied (publickey).\nfatal: Could not read from remote repository.",
    "ERR_POCKET_SOURCE_UNREACHABLE",
    /credentials/u,
  ],
  [
    "fatal: unable to access 'x': The requested URL returned error: 403",
    "ERR_POCKET_SOURCE_UNREACHABLE",
    /credentials/u,
  ],
  [
    "remote: Repository not found.\nfatal: repository 'x' not found",
    "ERR_POCKET_SOURCE_UNREACHABLE",
    /no such repository/u,
  ],
  ["fatal: '/x' does not appear to be a git repository", "ERR_POCKET_SOURCE_UNREACHABLE", /no such repository/u],
  [
    "Host key verification failed.\nfatal: Could not read from remote repository.",
    "ERR_POCKET_SOURCE_UNREACHABLE",
    /host key/u,
  ],
  [
    "fatal: unable to access 'x': SSL certificate problem: self-signed certificate",
    "ERR_POCKET_SOURCE_UNREACHABLE",
    /certificate/u,
  ],
  [
    "fatal: unable to access 'x': Operation too slow. Less than 1000 bytes/sec",
    "ERR_POCKET_FETCH_TIMEOUT",
    /does not answer/u,
  ],
  ["error: object 1234: hasDotgit\nfatal: fsck error in packed object", "ERR_POCKET_TREE_REFUSED", /not allowed/u],
  ["fatal: write error: No space left on device", "ERR_POCKET_STORE", /cannot be written/u],
  [
    "warning: filtering not recognized by server, ignoring\nfatal: could not write '/home/u/.cache/pocket/x.promisor' promisor file",
    "ERR_POCKET_STORE",
    /cannot be written/u,
  ],
  ["fatal: unable to write to remote: Broken pipe", "ERR_POCKET_SOURCE_UNREACHABLE", /Broken pipe/u],
  ["error: RPC failed; curl 18\nfatal: early EOF", "ERR_POCKET_SOURCE_UNREACHABLE", /connection broke/u],
  ["fatal: something else entirely", "ERR_POCKET_SOURCE_UNREACHABLE", /something else entirely/u],
])("toGitError() says what it means when git says %j", (output, code, message) => {
  const error = toGitError(url, new Error(output), idle);
  expect(error).toMatchObject({ code, message: expect.stringContaining(url), hint: expect.stringMatching(/./u) });
  expect(String(error)).toMatch(message);
});

test("toGitError() repeats neither credentials nor terminal codes when a server sends them", () => {
  const error = toGitError(url, new Error("remote: \u001B[2Jhello\nfatal: https://ada:s3cret@x/ is odd"), idle);
  expect(JSON.stringify(error)).not.toMatch(/s3cret|\\u001b/iu);
});

test("toGitError() gives the signal's reason when it was aborted", () => {
  const reason = new Error("enough");
  expect(toGitError(url, new Error("killed"), AbortSignal.abort(reason))).toBe(reason);
});
