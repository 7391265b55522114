/** Granted folders as `wasi:filesystem`: preview2-shim's tree in memory, where a folder that may only be read is closed. */
import { createFilesystem, InMemoryFilesystemAdapter, types } from "@bytecodealliance/preview2-shim/filesystem";
import { STORAGE_ROOT } from "../../../../protocol/storage.ts";
import type { StorageFolder, StorageMount, StorageNode } from "../../storage/storage-view.ts";
import type { ComponentImports } from "../glue.ts";
import { type FileEntry, type FileTree, freezeTree, readNodes, toTree } from "./file-tree.ts";
import { toReadOnly } from "./read-only-descriptor.ts";

export interface ComponentStorage extends StorageMount {
  /** The interfaces over what was mounted. */
  open(): ComponentImports;
}

export function createComponentStorage(): ComponentStorage {
  const folders = new Map<string, { readonly folder: StorageFolder; readonly tree: FileTree }>();
  const memory = new InMemoryFilesystemAdapter();
  return {
    mount(folder) {
      const tree = toTree(folder.nodes);
      if (folder.access === "read") freezeTree(tree);
      folders.set(folder.name, { folder, tree });
    },
    list(name): Iterable<StorageNode> {
      const found = folders.get(name);
      return found === undefined ? [] : readNodes(found.tree);
    },
    open() {
      // Folders are mounted when the call comes, which may be after the component was linked.
      const getDirectories = (): unknown => openFolders(folders, memory).preopens.getDirectories();
      return {
        "wasi:filesystem/types": types,
        "wasi:filesystem/preopens": { getDirectories },
      } as unknown as ComponentImports;
    },
  };
}

type Folders = ReadonlyMap<string, { readonly folder: StorageFolder; readonly tree: FileTree }>;

function openFolders(folders: Folders, memory: InMemoryFilesystemAdapter): ReturnType<typeof createFilesystem> {
  const adapter = {
    getRoot({ folder, tree }: { folder: StorageFolder; tree: FileEntry }) {
      const root = memory.getRoot(tree as Parameters<typeof memory.getRoot>[0]);
      return folder.access === "read" ? toReadOnly(root) : root;
    },
  };
  const preopens = Object.fromEntries(Array.from(folders, ([name, found]) => [`${STORAGE_ROOT}/${name}`, found]));
  return createFilesystem({ adapter, preopens } as unknown as Parameters<typeof createFilesystem>[0]);
}
