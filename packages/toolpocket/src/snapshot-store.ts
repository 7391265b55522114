/** Keeps the invoker's snapshots in the store, so that they are made once on a machine. */
import type { Store } from "@toolpocket/core";
import { SNAPSHOT_KEY_PREFIX, type SnapshotStore } from "@toolpocket/wasm-invoker";

/** Snapshots of an older Pyodide or browser go when nobody on this machine has started from them for so long. */
const KEPT_UNUSED_MS = 14 * 24 * 3_600_000;

/** The snapshots of `store`; a damaged one counts as missing, and is made again. */
export function createSnapshotStore(store: Pick<Store, "readBlob" | "writeBlob" | "sweepBlobs">): SnapshotStore {
  return {
    read: (key) => store.readBlob(key),
    async write(key, bytes) {
      await store.writeBlob(key, bytes);
      await store.sweepBlobs(SNAPSHOT_KEY_PREFIX, KEPT_UNUSED_MS);
    },
  };
}
