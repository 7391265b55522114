/** The tree of files that preview2-shim works on, made of a granted folder and read back into one. */
import type { StorageNode } from "../../storage/storage-view.ts";

export interface FileTree {
  dir: Record<string, FileEntry>;
}

export type FileEntry = FileTree | { source: Uint8Array } | { symlink: string };

/** @param nodes parents first */
export function toTree(nodes: readonly StorageNode[]): FileTree {
  const root = createFolder();
  const folders = new Map([["", root]]);
  for (const node of nodes) {
    const cut = node.path.lastIndexOf("/");
    const parent = folders.get(node.path.slice(0, Math.max(cut, 0)));
    if (parent === undefined) throw new Error("a folder's entries come before it");
    const entry = toEntry(node);
    if ("dir" in entry) folders.set(node.path, entry);
    parent.dir[node.path.slice(cut + 1)] = entry;
  }
  return root;
}

function toEntry(node: StorageNode): FileEntry {
  if (node.kind === "folder") return createFolder();
  // The shim writes in place, and the original is what changes are found by.
  return node.kind === "link" ? { symlink: node.target } : { source: node.content.slice() };
}

/** Without a prototype: a file may be named `constructor`. */
function createFolder(): FileTree {
  return { dir: Object.create(null) as FileTree["dir"] };
}

/** Closes folders and files against what the shim itself would put into them. */
export function freezeTree(entry: FileEntry): void {
  if ("dir" in entry) {
    Object.values(entry.dir).forEach(freezeTree);
    Object.freeze(entry.dir);
  }
  Object.freeze(entry);
}

/** What stands in the tree, parents first. */
export function* readNodes({ dir }: FileTree, prefix = ""): Generator<StorageNode> {
  for (const [name, entry] of Object.entries(dir)) {
    const path = `${prefix}${name}`;
    if ("dir" in entry) {
      yield { kind: "folder", path };
      yield* readNodes(entry, `${path}/`);
    } else if ("symlink" in entry) yield { kind: "link", path, target: entry.symlink };
    else yield { kind: "file", path, content: new Uint8Array(entry.source), mtimeMs: 0 };
  }
}
