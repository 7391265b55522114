import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readFolder } from "../../src/store/read-folder.ts";

let root: string;

async function write(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

beforeEach(async () => {
  root = join(await mkdtemp(join(tmpdir(), "folder-")), "tool");
  await mkdir(root);
});
afterEach(async () => rm(dirname(root), { recursive: true, force: true }));

describe("readFolder()", () => {
  test("gives the tool's files, and leaves out what is no part of it", async () => {
    await write({ "config.toml": "1", "src/main.py": "2", ".git/HEAD": "x", "src/node_modules/x/i.js": "x" });
    await write({ "src/__pycache__/main.pyc": "x", ".venv/bin/python": "x", ".gitignore": "3", ".DS_Store": "x" });
    execFileSync("mkfifo", [join(root, "pipe")]);
    const files = await readFolder(root);
    expect(Object.fromEntries([...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]))).toEqual({
      "config.toml": "1",
      "src/main.py": "2",
      ".gitignore": "3",
    });
  });

  test("copies what a link inside points to, and refuses one that leaves", async () => {
    await write({ "lib/a.py": "a" });
    await symlink("lib", join(root, "linked"));
    expect([...(await readFolder(root)).keys()].toSorted()).toEqual(["lib/a.py", "linked/a.py"]);
    await writeFile(join(root, "../secret"), "s");
    await symlink("../secret", join(root, "escape"));
    await expect(readFolder(root)).rejects.toMatchObject({
      code: "ERR_POCKET_TREE_REFUSED",
      message: expect.stringContaining('"escape"'),
    });
  });

  test("throws ERR_POCKET_TREE_REFUSED when there are too many files or bytes", async () => {
    await write({ a: "12345", b: "12345", c: "12345" });
    await expect(readFolder(root, { maxTreeFiles: 2 })).rejects.toThrow(/more than 2 files/u);
    await expect(readFolder(root, { maxTreeBytes: 14 })).rejects.toThrow(/more than 14 bytes/u);
    expect((await readFolder(root, { maxTreeFiles: 3, maxTreeBytes: 15 })).size).toBe(3);
  });

  test("throws ERR_POCKET_PATH_NOT_FOUND and names the nearest when there is no such folder", async () => {
    await expect(readFolder(join(dirname(root), "tol"))).rejects.toMatchObject({
      code: "ERR_POCKET_PATH_NOT_FOUND",
      hint: expect.stringContaining(root),
    });
  });
});
