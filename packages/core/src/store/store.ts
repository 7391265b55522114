/** The store: the content-addressed folder of fetched trees, and of things that are costly to make. */
import { join, resolve } from "node:path";
import type { ToolFiles } from "../program.ts";
import { readBlobFile, sweepBlobFiles, writeBlobFile } from "./blob-file.ts";
import { digestTree, isTreeDigest } from "./digest-tree.ts";
import { createScratchFolder, removeScratchFolder, sweepScratchFolders } from "./scratch-folder.ts";
import { storeHome } from "./store-home.ts";
import { readTreeFolder, removeTreeFolder, writeTreeFolder } from "./tree-folder.ts";

export interface OpenStoreOptions {
  /** @defaultValue `POCKET_HOME`, else `pocket` in the user's cache folder */
  home?: string;
}

/** Any number of processes may use one store at once. */
export interface Store {
  /** Absolute path. The folder is created, for its owner only, when something is first written. */
  readonly home: string;
  /**
   * Keeps a tree and returns its integrity (`digestTree`). A damaged tree in its place is replaced.
   * @throws PocketError ERR_POCKET_STORE when the disk refuses, ERR_POCKET_TREE_REFUSED for an unsafe path.
   */
  writeTree(files: ToolFiles): Promise<string>;
  /**
   * The tree, every byte of it checked; null when it is not in the store.
   * @throws PocketError ERR_POCKET_INTEGRITY when it was changed; TypeError when `integrity` has not the form of one.
   */
  readTree(integrity: string): Promise<ToolFiles | null>;
  removeTree(integrity: string): Promise<void>;
  /** The folder of a tree, whether or not it is there. Its files are read-only. */
  treePath(integrity: string): string;
  /** What was kept under `key`; null when there is nothing, or when it was damaged. Keys: lower case, digits, `.`, `_`, `-`. */
  readBlob(key: string): Promise<Uint8Array | null>;
  /** @throws PocketError ERR_POCKET_STORE when the disk refuses. */
  writeBlob(key: string, bytes: Uint8Array): Promise<void>;
  /** Removes what was kept under a key that begins with `prefix` and was of no use for `unusedForMs`. Never fails. */
  sweepBlobs(prefix: string, unusedForMs: number): Promise<void>;
  /** Runs `work` with an empty folder of its own on the store's disk, and removes the folder after it. */
  withScratch<Result>(work: (folder: string) => Promise<Result>): Promise<Result>;
}

/** Opens the store; touches nothing until it is used. */
export function openStore(options: OpenStoreOptions = {}): Store {
  const home = options.home === undefined ? storeHome() : resolve(options.home);
  const treePath = (integrity: string): string => join(home, "trees", checkIntegrity(integrity));
  const blobPath = (key: string): string => join(home, "blobs", checkKey(key));
  let swept: Promise<void> | undefined;

  return {
    home,
    treePath,
    async writeTree(files) {
      const integrity = digestTree(files);
      await writeTreeFolder(home, treePath(integrity), integrity, files);
      return integrity;
    },
    async readTree(integrity) {
      return readTreeFolder(treePath(integrity), integrity);
    },
    async removeTree(integrity) {
      await removeTreeFolder(home, treePath(integrity));
    },
    async readBlob(key) {
      return readBlobFile(blobPath(key));
    },
    async writeBlob(key, bytes) {
      await writeBlobFile(home, blobPath(key), bytes);
    },
    sweepBlobs: (prefix, unusedForMs) => sweepBlobFiles(join(home, "blobs"), checkKey(prefix), unusedForMs),
    async withScratch(work) {
      await (swept ??= sweepScratchFolders(home));
      const folder = await createScratchFolder(home);
      try {
        return await work(folder);
      } finally {
        await removeScratchFolder(folder);
      }
    },
  };
}

function checkIntegrity(integrity: string): string {
  if (!isTreeDigest(integrity)) throw new TypeError(`"${integrity}" is not the integrity of a tree`);
  return integrity;
}

function checkKey(key: string): string {
  if (!/^[a-z0-9][a-z0-9._-]{0,199}$/u.test(key)) throw new TypeError(`"${key}" is not a key of the store`);
  return key;
}
