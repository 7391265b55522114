/** `pocket new`: every template is made, built where its toolchain is on this machine, and passes its own fixtures. */
import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { createProject, type Project } from "./project-fixture.ts";

const execute = promisify(execFile);
/** The first build of a language compiles its own library. */
const BUILD_TIMEOUT_MS = 300_000;
const PACKAGES = fileURLToPath(new URL("../../node_modules", import.meta.url));

const first = await createProject();
let project: Project;

// A folder of its own for each try, and the first one's store for all.
beforeEach(async () => {
  project = await createProject(first.store);
});
afterEach(() => project.remove());
afterAll(() => first.remove());

describe("pocket new", () => {
  test.each(["python", "node"])("makes a %s tool that passes its own fixtures", async (language) => {
    await project.pocket(["new", `greet_${language}`, "--lang", language]);
    const report = await project.json(["test", `./greet_${language}`]);
    expect(report).toMatchObject({ tool: `greet_${language}`, passed: 3, failed: 0 });
  });

  test.for(["go", "rust", "c", "zig"] as const)(
    "makes a %s tool that builds and passes its own fixtures",
    { timeout: BUILD_TIMEOUT_MS },
    async (language, { skip }) => {
      const missing = TOOLCHAINS[language]();
      if (missing !== undefined) skip(missing);
      await project.pocket(["new", `greet-${language}`, "--lang", language]);
      await execute("make", { cwd: join(project.folder, `greet-${language}`) });
      expect(await project.json(["test", `./greet-${language}`])).toMatchObject({ passed: 3, failed: 0 });
    },
  );

  test("makes an assemblyscript tool that builds and passes its own fixtures", async () => {
    await project.pocket(["new", "greet-as", "--lang", "assemblyscript"]);
    const folder = join(project.folder, "greet-as");
    // In the place of npm install: the versions that this repository pins.
    await symlink(PACKAGES, join(folder, "node_modules"));
    await execute("npm", ["run", "build"], { cwd: folder });
    expect(await project.json(["test", "./greet-as"])).toMatchObject({ passed: 3, failed: 0 });
  });

  test("says what it made and how to go on", async () => {
    const run = await project.pocket(["new", "hello", "--lang", "go"]);
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect(run.stdout).toContain("Try it: cd hello && make && pocket test .");
    expect(await project.read("hello/config.toml")).toContain('module = "hello.wasm"');
  });

  test("never touches a folder that is there", async () => {
    await project.write({ "mine/notes.txt": "kept" });
    const refused = await project.json(["new", "mine", "--lang", "node"]);
    expect(refused).toMatchObject({ error: { code: "ERR_POCKET_FILE_EXISTS" } });
    expect(await project.read("mine/config.toml")).toBeUndefined();
  });

  test.each([
    [["new", "x"], "--lang is missing"],
    [["new", "x", "--lang", "pyton"], "did you mean"],
    [["new", "../x", "--lang", "go"], "no name for a new tool"],
    [["new", "1x", "--lang", "rust"], "no name for a new tool"],
  ])("exits with 2 for %j", async (args, message) => {
    const run = await project.pocket(args);
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) });
  });
});

/** What a template needs that this machine has not, by language; undefined where it has all. */
const TOOLCHAINS: Record<"go" | "rust" | "c" | "zig", () => string | undefined> = {
  go: () => findMissing("go"),
  rust: () => findMissing("cargo") ?? findMissingRustTarget(),
  c: () => findMissing("zig"),
  zig: () => findMissing("zig"),
};

function findMissing(program: string): string | undefined {
  const missing = ["make", program].find((name) => spawnSync(name, ["--version"]).error !== undefined);
  return missing === undefined ? undefined : `${missing} is not on this machine`;
}

function findMissingRustTarget(): string | undefined {
  const library = spawnSync("rustc", ["--print", "target-libdir", "--target", "wasm32-wasip1"], { encoding: "utf8" });
  const isThere = library.status === 0 && existsSync(library.stdout.trim());
  return isThere ? undefined : "Rust's target wasm32-wasip1 is not on this machine";
}
