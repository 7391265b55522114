/** The descriptors of a WASI program beyond its standard streams: its granted folders, and what it opens in them. */
import { WasiError } from "./errno.ts";
import type { FileNode, FolderNode, Way } from "./folder-tree.ts";

export interface MountedFolder {
  /** The absolute path under which the program finds it. */
  readonly path: string;
  readonly root: FolderNode;
  readonly isReadOnly: boolean;
}

interface OpenBase {
  readonly mounted: MountedFolder;
  /** Of fdstat. */
  flags: number;
}

export interface OpenFolder extends OpenBase {
  readonly kind: "folder";
  readonly way: Way;
  /** Whether the program was given it, and finds it by `fd_prestat_get`. */
  readonly isPreopen: boolean;
}

export interface OpenFile extends OpenBase {
  readonly kind: "file";
  readonly node: FileNode;
  readonly mayWrite: boolean;
  position: number;
}

export type OpenNode = OpenFolder | OpenFile;

export interface OpenFiles {
  has(fd: number): boolean;
  /** @throws WasiError badf */
  get(fd: number): OpenNode;
  add(node: OpenNode): number;
  close(fd: number): void;
  renumber(from: number, to: number): void;
}

/** 0, 1 and 2 are the standard streams. */
const FIRST_FD = 3;
const MAX_OPEN = 4_096;

export function createOpenFiles(folders: readonly MountedFolder[]): OpenFiles {
  const open = new Map<number, OpenNode>();
  const get = (fd: number): OpenNode => {
    const node = open.get(fd >>> 0);
    if (node === undefined) throw new WasiError("badf");
    return node;
  };
  const add = (node: OpenNode): number => {
    if (open.size >= MAX_OPEN) throw new WasiError("nospc");
    let fd = FIRST_FD;
    while (open.has(fd)) fd += 1;
    open.set(fd, node);
    return fd;
  };
  for (const mounted of folders) {
    add({ kind: "folder", mounted, way: [mounted.root], isPreopen: true, flags: 0 });
  }
  return {
    has: (fd) => open.has(fd >>> 0),
    get,
    add,
    close(fd) {
      get(fd);
      open.delete(fd >>> 0);
    },
    renumber(from, to) {
      const node = get(from);
      get(to);
      open.delete(from >>> 0);
      open.set(to >>> 0, node);
    },
  };
}
