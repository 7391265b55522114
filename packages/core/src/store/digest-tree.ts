/** The digest of a tree: one line of text that stands for every path and every byte of a tool. */
import { createHash, hash } from "node:crypto";
import type { ToolFiles } from "../program.ts";

const DIGEST = /^sha256-[0-9a-f]{64}$/u;

/**
 * `sha256-` and hex over the tree, the same on every machine. For each file, in the order of the UTF-8 bytes of its
 * path: the SHA-256 of its content in hex, two spaces, the path, a NUL byte. Modes, times and empty folders do not
 * count. It is the format of `sha256sum -z`, so that a shell gives the same hex:
 * `find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum -z | sha256sum`.
 */
export function digestTree(files: ToolFiles): string {
  const lines = [...files].map(([path, content]) => ({ path: Buffer.from(path), content }));
  lines.sort((a, b) => Buffer.compare(a.path, b.path));
  const tree = createHash("sha256");
  for (const { path, content } of lines) {
    tree
      .update(`${hash("sha256", content, "hex")}  `)
      .update(path)
      .update("\0");
  }
  return `sha256-${tree.digest("hex")}`;
}

/** Whether `text` has the form of a digest: `sha256-` and 64 hex digits in lower case. */
export function isTreeDigest(text: string): boolean {
  return DIGEST.test(text);
}
