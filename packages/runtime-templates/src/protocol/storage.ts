/**
 * Granted folders on their way into a run, and what the run changed in them on the way back.
 *
 * The host sends each folder whole when a run begins, as a list of entries and one block of bytes; the guest works on that
 * copy; where the run ends well, the differences come back, and the host decides whether they may be applied.
 */

/** Where a guest finds its folders. */
export const STORAGE_ROOT = "/storage";

export type StorageEntry =
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "file"; readonly path: string; readonly size: number; readonly mtimeMs: number }
  /** `target` is relative to the link's own folder, and stays inside the granted one. */
  | { readonly kind: "link"; readonly path: string; readonly target: string };

/** One folder as it stands when the run begins. */
export interface StorageImage {
  readonly name: string;
  readonly access: "read" | "write";
  /** Paths are relative, with `/`; parents come before their children. */
  readonly entries: readonly StorageEntry[];
  /** What the folder may hold when the run ends: bytes of all files, and entries. */
  readonly maxBytes: number;
  readonly maxEntries: number;
}

/** An image with the contents of its files, one after the other in the order of its entries. */
export interface LoadedStorage extends StorageImage {
  readonly contents: Uint8Array;
}

/** `storage` is the name of the folder. The contents of written files follow each other in the order of the changes. */
export type StorageChange =
  | { readonly kind: "write"; readonly storage: string; readonly path: string; readonly size: number }
  | { readonly kind: "make-folder"; readonly storage: string; readonly path: string }
  /** A file, a link or a folder that is empty by then. */
  | { readonly kind: "remove"; readonly storage: string; readonly path: string }
  /** A new link: told so that the host can refuse it by name. */
  | { readonly kind: "link"; readonly storage: string; readonly path: string };

/** Changes beyond this number are not read: no folder may hold as many entries. */
const MAX_CHANGES = 100_000;
const MAX_PATH_LENGTH = 4_096;

/** The changes with nothing in them but what belongs there, or undefined where `value` is none: a guest may have made it. */
export function readStorageChanges(value: unknown, contentBytes: number): readonly StorageChange[] | undefined {
  if (!Array.isArray(value) || value.length > MAX_CHANGES) return undefined;
  const changes: StorageChange[] = [];
  let bytes = 0;
  for (const item of value as readonly unknown[]) {
    const change = readChange(item);
    if (change === undefined) return undefined;
    if (change.kind === "write") bytes += change.size;
    changes.push(change);
  }
  return bytes === contentBytes ? changes : undefined;
}

function readChange(item: unknown): StorageChange | undefined {
  if (typeof item !== "object" || item === null) return undefined;
  const { kind, storage, path, size } = item as Record<string, unknown>;
  if (!isShortText(storage) || !isShortText(path)) return undefined;
  if (kind === "make-folder" || kind === "remove" || kind === "link") return { kind, storage, path };
  if (kind === "write" && Number.isSafeInteger(size) && Number(size) >= 0) {
    return { kind, storage, path, size: Number(size) };
  }
  return undefined;
}

function isShortText(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_PATH_LENGTH;
}
