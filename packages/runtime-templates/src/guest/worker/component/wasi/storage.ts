/** Granted folders as `wasi:filesystem`: preview2-shim's tree in memory, where a folder that may only be read is closed. */
import { createFilesystem, InMemoryFilesystemAdapter } from "@bytecodealliance/preview2-shim/filesystem";
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
      const preopens = Object.fromEntries(
        Array.from(folders, ([name, { folder, tree }]) => [`${STORAGE_ROOT}/${name}`, { folder, tree }]),
      );
      const { types, preopens: opened } = createFilesystem({
        adapter: {
          getRoot({ folder, tree }: { folder: StorageFolder; tree: FileEntry }) {
            const root = memory.getRoot(tree as Parameters<typeof memory.getRoot>[0]);
            return folder.access === "read" ? toReadOnly(root) : root;
          },
        },
        preopens,
      } as unknown as Parameters<typeof createFilesystem>[0]);
      return { "wasi:filesystem/types": types, "wasi:filesystem/preopens": opened } as unknown as ComponentImports;
    },
  };
}
