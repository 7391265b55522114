/** Granted folders in memfs, the file system of node tools. */
import { STORAGE_ROOT } from "../../../protocol/storage.ts";
import type { StorageFolder, StorageMount, StorageNode } from "../storage/storage-view.ts";
import type { Exports } from "./node-realm.ts";

export interface NodeStorage extends StorageMount {
  /** Puts the folders that were mounted into the volume, which is made when the tool first needs one. */
  connect(volume: Exports, fs: Exports): void;
}

export function createNodeStorage(): NodeStorage {
  const folders = new Map<string, StorageFolder>();
  let fs: Exports;
  return {
    mount: (folder) => void folders.set(folder.name, folder),
    connect(volume, connected) {
      fs = connected;
      for (const folder of folders.values()) fill(volume, fs, folder);
      // The folders themselves stay where they are, as what is mounted does.
      if (folders.size > 0) protect(volume, STORAGE_ROOT);
    },
    list(name) {
      // Without a file system nothing can have changed.
      return fs ? walk(fs, `${STORAGE_ROOT}/${name}`, "") : (folders.get(name)?.nodes ?? []);
    },
  };
}

function fill(volume: Exports, fs: Exports, { name, access, nodes }: StorageFolder): void {
  const root = `${STORAGE_ROOT}/${name}`;
  fs.mkdirSync(root, { recursive: true });
  for (const node of nodes) {
    const path = `${root}/${node.path}`;
    if (node.kind === "folder") fs.mkdirSync(path);
    else if (node.kind === "link") fs.symlinkSync(node.target, path);
    else {
      fs.writeFileSync(path, node.content);
      fs.utimesSync(path, node.mtimeMs / 1000, node.mtimeMs / 1000);
    }
  }
  if (access === "read")
    for (const path of [root, ...nodes.map((node) => `${root}/${node.path}`)]) protect(volume, path);
}

/** Takes from what stands at `path` everything that could change it; its own properties go before those of its class. */
function protect(volume: Exports, path: string): void {
  const link = volume._core.getLink(path.slice(1).split("/"));
  const node = link.getNode();
  const refuse = (): never => {
    throw Object.assign(new Error("EROFS: read-only file system"), { code: "EROFS", errno: -30 });
  };
  node.perm = node.perm & ~0o222;
  node.canWrite = () => false;
  for (const change of ["write", "truncate", "setBuffer", "setString", "chmod", "chown"]) node[change] = refuse;
  for (const change of ["createChild", "setChild", "deleteChild"]) link[change] = refuse;
}

function* walk(fs: Exports, folder: string, prefix: string): Generator<StorageNode> {
  for (const name of fs.readdirSync(folder) as string[]) {
    const at = `${folder}/${name}`;
    const path = `${prefix}${name}`;
    const found = fs.lstatSync(at);
    if (found.isDirectory()) {
      yield { kind: "folder", path };
      yield* walk(fs, at, `${path}/`);
    } else if (found.isSymbolicLink()) yield { kind: "link", path, target: fs.readlinkSync(at) };
    else if (found.isFile()) {
      fs.chmodSync(at, 0o644);
      yield { kind: "file", path, content: new Uint8Array(fs.readFileSync(at)), mtimeMs: found.mtimeMs };
    }
  }
}
