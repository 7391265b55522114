/** A granted folder in the worker's memory: what stands at a path of it, and how that is changed. */
import type { StorageNode } from "../../storage/storage-view.ts";
import { WasiError } from "./errno.ts";

export interface FileNode {
  readonly kind: "file";
  readonly inode: number;
  /** Its first `size` bytes are the file; the rest is room to grow. */
  bytes: Uint8Array;
  size: number;
  mtimeMs: number;
}

export interface FolderNode {
  readonly kind: "folder";
  readonly inode: number;
  readonly entries: Map<string, TreeNode>;
}

export interface LinkNode {
  readonly kind: "link";
  readonly inode: number;
  readonly target: string;
}

export type TreeNode = FileNode | FolderNode | LinkNode;

/** The folders from a tree's root to one of them, both included. */
export type Way = readonly [FolderNode, ...FolderNode[]];

/** A place in a tree: a name in the folder at the end of `way`; the name is "" where that folder itself is meant. */
export interface Place {
  readonly way: Way;
  readonly folder: FolderNode;
  readonly name: string;
  readonly node: TreeNode | undefined;
}

const MAX_NAME_BYTES = 255;
/** Folders inside each other. */
const MAX_DEPTH = 128;
/** Links that are followed on the way to one place. */
const MAX_LINKS = 32;

let inodes = 0;
const newInode = (): number => (inodes += 1);

export function createFile(): FileNode {
  return { kind: "file", inode: newInode(), bytes: new Uint8Array(0), size: 0, mtimeMs: Date.now() };
}

export function createFolder(): FolderNode {
  return { kind: "folder", inode: newInode(), entries: new Map() };
}

/** The tree of a folder as the run finds it, with contents of its own. */
export function toTree(nodes: readonly StorageNode[]): FolderNode {
  const root = createFolder();
  for (const node of nodes) {
    const names = node.path.split("/");
    const name = names.pop() ?? "";
    const parent = names.reduce<TreeNode | undefined>(
      (at, part) => (at?.kind === "folder" ? at.entries.get(part) : undefined),
      root,
    );
    if (parent?.kind === "folder") parent.entries.set(name, toTreeNode(node));
  }
  return root;
}

function toTreeNode(node: StorageNode): TreeNode {
  if (node.kind === "folder") return createFolder();
  if (node.kind === "link") return { kind: "link", inode: newInode(), target: node.target };
  const { content, mtimeMs } = node;
  return { kind: "file", inode: newInode(), bytes: content.slice(), size: content.length, mtimeMs };
}

/** What stands in the tree, parents first. */
export function* readTree(folder: FolderNode, prefix = ""): Generator<StorageNode> {
  for (const [name, node] of folder.entries) {
    const path = `${prefix}${name}`;
    if (node.kind === "link") yield { kind: "link", path, target: node.target };
    else if (node.kind === "folder") {
      yield { kind: "folder", path };
      yield* readTree(node, `${path}/`);
    } else yield { kind: "file", path, content: node.bytes.subarray(0, node.size), mtimeMs: node.mtimeMs };
  }
}

/**
 * The place that `path` means, seen from the folder at the end of `from`. Links on the way are followed, one at the end
 * where `follow` says so.
 * @throws WasiError notcapable where the path leaves the root; noent, notdir, loop, nametoolong, inval
 */
export function findPlace(from: Way, path: string, follow: boolean): Place {
  if (path.startsWith("/")) throw new WasiError("notcapable");
  if (path === "") throw new WasiError("noent");
  if (path.includes("\0")) throw new WasiError("inval");
  const waiting = path.split("/");
  let way = from;
  let links = 0;
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (name === "" || name === ".") continue;
    if (name === "..") {
      way = parentOf(way);
      continue;
    }
    if (new TextEncoder().encode(name).length > MAX_NAME_BYTES) throw new WasiError("nametoolong");
    const folder = endOf(way);
    const node = folder.entries.get(name);
    const isLast = waiting.length === 0;
    if (node?.kind === "link" && (!isLast || follow)) {
      links += 1;
      if (links > MAX_LINKS) throw new WasiError("loop");
      if (node.target.startsWith("/")) throw new WasiError("notcapable");
      waiting.unshift(...node.target.split("/"));
      continue;
    }
    // What is not there may be made under a path that ends in "/", as a folder.
    if (isLast || (node === undefined && waiting.every((part) => part === ""))) return { way, folder, name, node };
    if (node === undefined) throw new WasiError("noent");
    if (node.kind !== "folder") throw new WasiError("notdir");
    way = into(way, node);
  }
  return { way, folder: endOf(way), name: "", node: endOf(way) };
}

/** The way to the folder at a place. @throws WasiError notdir, noent */
export function wayTo({ way, name, node }: Place): Way {
  if (node?.kind !== "folder") throw new WasiError(node === undefined ? "noent" : "notdir");
  return name === "" ? way : into(way, node);
}

function into(way: Way, node: FolderNode): Way {
  if (way.length > MAX_DEPTH) throw new WasiError("nametoolong");
  return [...way, node];
}

function endOf(way: Way): FolderNode {
  return way.at(-1) ?? way[0];
}

function parentOf([root, ...rest]: Way): Way {
  if (rest.length === 0) throw new WasiError("notcapable");
  return [root, ...rest.slice(0, -1)];
}
