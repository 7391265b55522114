/** The python runtime's memory snapshot: made once on this machine, kept in the store, used by every python sandbox. */
import { createHash } from "node:crypto";
import type { GuestFiles } from "../server/guest-files.ts";

/** How every snapshot's key begins. */
export const SNAPSHOT_KEY_PREFIX = "python-snapshot-";

/** Where snapshots are kept. A store that gives back other bytes than it was given is the store's to notice. */
export interface SnapshotStore {
  /** Null where there is none, or where it is damaged. */
  read(key: string): Promise<Uint8Array | null>;
  write(key: string, bytes: Uint8Array): Promise<void>;
}

/** Keeps snapshots for the life of the process only. */
export function createMemorySnapshotStore(): SnapshotStore {
  const snapshots = new Map<string, Uint8Array>();
  return {
    read: async (key) => snapshots.get(key) ?? null,
    write: async (key, bytes) => void snapshots.set(key, bytes),
  };
}

/**
 * The key of a snapshot: everything that its bytes depend on. Another Pyodide, harness or browser makes another one.
 * @param digest of the files, by `digestPythonFiles`
 * @param browserVersion for example "Chrome/156.0.8078.73"
 */
export function snapshotKey(digest: Uint8Array, browserVersion: string): string {
  const key = createHash("sha256").update(digest).update(createHash("sha256").update(browserVersion).digest());
  return `${SNAPSHOT_KEY_PREFIX}${key.digest("hex")}`;
}

/** What of the guest's files a snapshot depends on. They are large: there is time for it while the browser starts. */
export function digestPythonFiles({ pyodideModule, standardLibrary, workerScripts }: GuestFiles): Uint8Array {
  const hash = createHash("sha256");
  for (const part of [pyodideModule, standardLibrary, workerScripts.python])
    hash.update(createHash("sha256").update(part).digest());
  return hash.digest();
}

/** The stored snapshot, or a new one that is stored for the next time. A store that fails costs only that. */
export async function readOrMakeSnapshot(
  store: SnapshotStore,
  key: string,
  make: () => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const stored = await store.read(key).catch(() => null);
  if (stored) return stored;
  const made = await make();
  await store.write(key, made).catch(() => undefined);
  return made;
}
