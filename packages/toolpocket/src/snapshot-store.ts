/** Keeps the invoker's snapshots in the store, so that they are made once on a machine. */
import type { Store } from "@toolpocket/core";
import type { SnapshotStore } from "@toolpocket/wasm-invoker";

/** The snapshots of `store`; a damaged one counts as missing, and is made again. */
export function createSnapshotStore(store: Pick<Store, "readBlob" | "writeBlob">): SnapshotStore {
  return {
    read: (key) => store.readBlob(key),
    write: (key, bytes) => store.writeBlob(key, bytes),
  };
}
