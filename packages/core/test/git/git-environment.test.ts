import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createGitEnvironment, formatConfiguration } from "../../src/git/git-environment.ts";

const options = { configuration: "/c", ceiling: "/x", network: true, trace: "/t" };

test("createGitEnvironment() keeps the user's way to servers, and nothing that redirects git or starts a program", () => {
  const environment = createGitEnvironment(options, {
    PATH: "/bin",
    HOME: "/home/ada",
    SSH_AUTH_SOCK: "/agent",
    https_proxy: "http://proxy",
    GIT_SSH_COMMAND: "ssh -i key",
    GIT_DIR: "/elsewhere",
    GIT_INDEX_FILE: "/elsewhere",
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "core.hooksPath",
    GIT_CONFIG_VALUE_0: "/hooks",
    GIT_EXEC_PATH: "/evil",
    GIT_ASKPASS: "/ask",
    SSH_ASKPASS: "/ask",
    GIT_TRACE: "1",
    GIT_ALTERNATE_OBJECT_DIRECTORIES: "/elsewhere",
    PAGER: "evil",
  });
  expect(environment).toMatchObject({
    PATH: "/bin",
    HOME: "/home/ada",
    SSH_AUTH_SOCK: "/agent",
    https_proxy: "http://proxy",
    GIT_SSH_COMMAND: "ssh -i key",
    GIT_ASKPASS: "",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ALLOW_PROTOCOL: "https:ssh:http:file",
  });
  const dropped = ["GIT_DIR", "GIT_INDEX_FILE", "GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0", "GIT_EXEC_PATH", "SSH_ASKPASS"];
  for (const name of [...dropped, "GIT_TRACE", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "PAGER"]) {
    expect(environment).not.toHaveProperty(name);
  }
});

test("createGitEnvironment() allows no transport when there is to be no network", () => {
  expect(createGitEnvironment({ ...options, network: false }, {})["GIT_ALLOW_PROTOCOL"]).toBe("none");
});

test("formatConfiguration() is read back by git as it was given, and what is fixed comes last", () => {
  const folder = mkdtempSync(join(tmpdir(), "config-"));
  const file = join(folder, "gitconfig");
  const read = (key: string) =>
    execFileSync("git", ["config", "--file", file, "--null", "--get", key], { encoding: "utf8" }).slice(0, -1);
  try {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~\t\n\u00E9]{0,12}$/u), fc.stringMatching(/^[!-~]{1,12}$/u), (value, part) => {
        const key = `http.https://git.example/${part}.extraHeader`;
        writeFileSync(file, formatConfiguration([[key, value]], {}));
        expect(read(key)).toBe(value);
      }),
      { numRuns: 30 },
    );
    writeFileSync(file, formatConfiguration([["core.hooksPath", "/hooks"]], {}));
    expect(read("core.hooksPath")).toBe("/dev/null");
    expect(read("core.sshCommand")).toContain("BatchMode=yes");
    writeFileSync(file, formatConfiguration([["core.sshCommand", "ssh -i key"]], {}));
    expect(read("core.sshCommand")).toBe("ssh -i key");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
