/** The granted folders of one run inside a guest, whatever its runtime: what is mounted, and what came of it. */
import { concatBytes } from "../concat-bytes.ts";
import type { LoadedStorage, StorageChange } from "../../../protocol/storage.ts";
import { GuestFailure } from "../guest-runtime.ts";

/** What stands at a path of a folder. */
export type StorageNode =
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "file"; readonly path: string; readonly content: Uint8Array; readonly mtimeMs: number }
  | { readonly kind: "link"; readonly path: string; readonly target: string };

export interface StorageFolder {
  readonly name: string;
  readonly access: "read" | "write";
  /** As the run finds it, parents first. A file system that writes in place must copy the contents. */
  readonly nodes: readonly StorageNode[];
}

/** How a runtime's file system takes folders in. */
export interface StorageMount {
  /** Puts the folder at `/storage/<name>`; nothing in one of access `read` can be changed. */
  mount(folder: StorageFolder): void;
  /** What stands in the folder of that name now, parents first; special files are left out. */
  list(name: string): Iterable<StorageNode>;
}

export interface StorageChanges {
  readonly changes: readonly StorageChange[];
  /** The contents of the written files, one after the other. */
  readonly contents: Uint8Array;
}

export interface StorageView {
  readonly folders: readonly StorageFolder[];
  /**
   * What has changed in the folders that may be written; undefined where nothing has.
   * @throws GuestFailure `output_too_large` when a folder has outgrown its quota.
   */
  collect(mount: Pick<StorageMount, "list">): StorageChanges | undefined;
}

export function createStorageView(storage: readonly LoadedStorage[]): StorageView {
  const folders = storage.map((loaded) => ({ name: loaded.name, access: loaded.access, nodes: toNodes(loaded) }));
  return {
    folders,
    collect(mount) {
      const changes: StorageChange[] = [];
      const written: Uint8Array[] = [];
      storage.forEach((loaded, index) => {
        if (loaded.access !== "write") return;
        const now = [...mount.list(loaded.name)];
        checkQuota(loaded, now);
        compare({ name: loaded.name, before: folders[index]?.nodes ?? [], now }, changes, written);
      });
      return changes.length === 0 ? undefined : { changes, contents: concatBytes(written) };
    },
  };
}

function toNodes({ entries, contents }: LoadedStorage): StorageNode[] {
  let offset = 0;
  return entries.map((entry) => {
    if (entry.kind !== "file") return entry;
    const { kind, path, mtimeMs } = entry;
    const content = contents.subarray(offset, offset + entry.size);
    offset += entry.size;
    return { kind, path, mtimeMs, content };
  });
}

function checkQuota({ name, maxBytes, maxEntries }: LoadedStorage, now: readonly StorageNode[]): void {
  const bytes = now.reduce((total, node) => total + (node.kind === "file" ? node.content.length : 0), 0);
  const fault = bytes > maxBytes ? `${maxBytes} bytes` : now.length > maxEntries ? `${maxEntries} entries` : undefined;
  if (fault) throw new GuestFailure("output_too_large", `the tool left more than ${fault} in /storage/${name}`);
}

interface Comparison {
  readonly name: string;
  readonly before: readonly StorageNode[];
  readonly now: readonly StorageNode[];
}

/** Removals first, children before their folders; then what is new or different, parents first. */
function compare({ name: storage, before, now }: Comparison, changes: StorageChange[], written: Uint8Array[]): void {
  const kept = new Map(now.map((node) => [node.path, node]));
  const earlier = new Map(before.map((node) => [node.path, node]));
  for (const { path, kind } of before.toReversed()) {
    if (kept.get(path)?.kind !== kind) changes.push({ kind: "remove", storage, path });
  }
  for (const node of now) {
    const { path } = node;
    const old = earlier.get(path);
    if (node.kind === "folder") {
      if (old?.kind !== "folder") changes.push({ kind: "make-folder", storage, path });
    } else if (node.kind === "link") {
      if (old?.kind !== "link" || old.target !== node.target) changes.push({ kind: "link", storage, path });
    } else if (old?.kind !== "file" || !isEqual(old.content, node.content)) {
      changes.push({ kind: "write", storage, path, size: node.content.length });
      written.push(node.content);
    }
  }
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
