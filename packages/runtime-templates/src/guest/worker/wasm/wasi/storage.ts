/** Granted folders as the preopened folders of a WASI program. */
import { STORAGE_ROOT } from "../../../../protocol/storage.ts";
import type { StorageMount } from "../../storage/storage-view.ts";
import { readTree, toTree } from "./folder-tree.ts";
import type { MountedFolder } from "./open-files.ts";

export interface WasiStorage extends StorageMount {
  readonly folders: readonly MountedFolder[];
}

export function createWasiStorage(): WasiStorage {
  const folders: MountedFolder[] = [];
  return {
    folders,
    mount({ name, access, nodes }) {
      folders.push({ path: `${STORAGE_ROOT}/${name}`, root: toTree(nodes), isReadOnly: access === "read" });
    },
    list(name) {
      const folder = folders.find(({ path }) => path === `${STORAGE_ROOT}/${name}`);
      return folder === undefined ? [] : readTree(folder.root);
    },
  };
}
