/** Granted folders in Pyodide's file system. */
import type { PyodideAPI } from "pyodide";
import { STORAGE_ROOT } from "../../../protocol/storage.ts";
import type { StorageFolder, StorageMount, StorageNode } from "../storage/storage-view.ts";

/** Error numbers of WASI, which Emscripten uses. */
const READ_ONLY_ERROR = 69;
const ACCESS_MODE = 3;
const FOLDER_MODE = 0o040_755;
const FILE_MODE = 0o100_644;
const LINK_MODE = 0o120_777;
const WRITE_BITS = 0o222;
const KIND_BITS = 0o170_000;

/** A node of MEMFS, as Emscripten's library_memfs.js makes it. */
interface MemoryNode {
  mode: number;
  name: string;
  parent: MemoryNode;
  /** Bytes of a file, the first `usedBytes` of them in use; children of a folder by name. */
  contents: Uint8Array | Record<string, MemoryNode>;
  usedBytes: number;
  link: string;
  mtime: number;
  node_ops: Record<string, unknown>;
  stream_ops: Record<string, unknown>;
}

interface MemoryFileSystem {
  createNode(parent: MemoryNode | null, name: string, mode: number, device: number): MemoryNode;
}

interface EmscriptenFs {
  mkdirTree(path: string): void;
  mount(type: unknown, options: object, path: string): MemoryNode;
  lookupPath(path: string): { node: MemoryNode };
  filesystems: { MEMFS: MemoryFileSystem };
  ErrnoError: new (errno: number) => Error;
}

export function createPythonStorage(pyodide: PyodideAPI): StorageMount {
  const fs = pyodide.FS as unknown as EmscriptenFs;
  const { MEMFS } = fs.filesystems;
  const roots = new Map<string, MemoryNode>();

  return {
    mount({ name, access, nodes }) {
      const path = `${STORAGE_ROOT}/${name}`;
      fs.mkdirTree(path);
      fs.mount(MEMFS, {}, path);
      const root = fs.lookupPath(path).node;
      roots.set(name, root);
      const made = fill(MEMFS, root, nodes, access);
      if (access === "read") for (const node of [root, ...made]) makeReadOnly(fs, node);
    },
    *list(name) {
      const root = roots.get(name);
      if (root) yield* walk(root, "");
    },
  };
}

function fill(
  memory: MemoryFileSystem,
  root: MemoryNode,
  nodes: readonly StorageNode[],
  access: StorageFolder["access"],
): MemoryNode[] {
  const folders = new Map([["", root]]);
  return nodes.map((node) => {
    const cut = node.path.lastIndexOf("/");
    const parent = folders.get(node.path.slice(0, Math.max(0, cut)));
    if (!parent) throw new Error(`the folder of ${node.path} is missing`);
    const made = memory.createNode(parent, node.path.slice(cut + 1), MODES[node.kind], 0);
    if (node.kind === "folder") folders.set(node.path, made);
    else if (node.kind === "link") made.link = node.target;
    else {
      // MEMFS writes in place: what may be written is compared with what it was, so that has to stay.
      made.contents = access === "write" ? node.content.slice() : node.content;
      made.usedBytes = node.content.length;
      made.mtime = node.mtimeMs;
    }
    return made;
  });
}

const MODES = { folder: FOLDER_MODE, file: FILE_MODE, link: LINK_MODE } as const;

/** A node whose operations are its own, with those that change something failing as on a read-only file system. */
function makeReadOnly(fs: EmscriptenFs, node: MemoryNode): void {
  const refuse = (): never => {
    throw new fs.ErrnoError(READ_ONLY_ERROR);
  };
  node.mode &= ~WRITE_BITS;
  const changes = ["setattr", "mknod", "rename", "unlink", "rmdir", "symlink"];
  node.node_ops = { ...node.node_ops, ...Object.fromEntries(changes.map((name) => [name, refuse])) };
  if ((node.mode & KIND_BITS) !== (FILE_MODE & KIND_BITS)) return;
  node.stream_ops = {
    ...node.stream_ops,
    write: refuse,
    msync: refuse,
    open: ({ flags }: { flags: number }) => ((flags & ACCESS_MODE) === 0 ? undefined : refuse()),
  };
}

function* walk(folder: MemoryNode, prefix: string): Generator<StorageNode> {
  for (const [name, node] of Object.entries(folder.contents as Record<string, MemoryNode>)) {
    const path = `${prefix}${name}`;
    const kind = node.mode & KIND_BITS;
    if (kind === (FOLDER_MODE & KIND_BITS)) {
      yield { kind: "folder", path };
      yield* walk(node, `${path}/`);
    } else if (kind === (LINK_MODE & KIND_BITS)) yield { kind: "link", path, target: node.link };
    else if (kind === (FILE_MODE & KIND_BITS)) {
      const content = (node.contents as Uint8Array).subarray(0, node.usedBytes);
      yield { kind: "file", path, content, mtimeMs: node.mtime };
    }
  }
}
