import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { digestTree, isTreeDigest } from "../../src/store/digest-tree.ts";

const tree = (files: Record<string, string>) =>
  new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));

test("digestTree() gives a fixed value when the tree is fixed", () => {
  expect(digestTree(new Map())).toBe("sha256-e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(digestTree(tree({ "a.txt": "a", "b/c.txt": "" }))).toBe(
    "sha256-9c03fd04718153fed66aca9c167483b7d0b1dc9be2f435aa21ab8a42d09ce87a",
  );
});

test("digestTree() does not depend on the order of the files", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1, unit: "grapheme" }), fc.string()), (files) => {
      const forwards = tree(files);
      expect(digestTree(new Map([...forwards].toReversed()))).toBe(digestTree(forwards));
      expect(isTreeDigest(digestTree(forwards))).toBe(true);
    }),
  );
});

test("digestTree() differs when a path or a byte differs", () => {
  const trees = [{}, { a: "" }, { b: "" }, { a: "b" }, { a: "", b: "" }, { "a/b": "" }, { ab: "" }].map(tree);
  expect(new Set(trees.map(digestTree)).size).toBe(trees.length);
});

const hasShellTools = spawnSync("sha256sum", ["-z", "--version"]).status === 0 && process.platform === "linux";
test("digestTree() is what sha256sum gives (needs GNU coreutils)", async (context) => {
  if (!hasShellTools) context.skip("GNU coreutils are not on this machine");
  const files = tree({ "z.txt": "1", "a b/é.txt": "2", "a.txt": "3", "a/x": "4" });
  const root = await mkdtemp(join(tmpdir(), "digest-"));
  for (const [path, content] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  const command = `find . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 sha256sum -z | sha256sum`;
  const { stdout } = spawnSync("sh", ["-c", command], { cwd: root, encoding: "utf8" });
  await rm(root, { recursive: true });
  expect(`sha256-${stdout.slice(0, 64)}`).toBe(digestTree(files));
});
