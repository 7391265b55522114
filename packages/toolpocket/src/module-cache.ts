/** Keeps the invoker's metered modules in the store, so that each is rewritten once on a machine. */
import type { Store } from "@toolpocket/core";
import { MODULE_KEY_PREFIX, type ModuleCache } from "@toolpocket/wasm-invoker";

/** Metered modules of tools that nobody on this machine has run for so long go. */
const KEPT_UNUSED_MS = 14 * 24 * 3_600_000;

/**
 * The metered modules of `store`; a damaged one counts as missing, and is made again.
 * @param onRead told of each module that was asked for
 */
export function createModuleCache(
  store: Pick<Store, "readBlob" | "writeBlob" | "sweepBlobs">,
  onRead?: (tool: string, isHit: boolean) => void,
): ModuleCache {
  return {
    async read(key, tool) {
      const kept = await store.readBlob(key);
      onRead?.(tool, kept !== null);
      return kept;
    },
    async write(key, bytes) {
      await store.writeBlob(key, bytes);
      await store.sweepBlobs(MODULE_KEY_PREFIX, KEPT_UNUSED_MS);
    },
  };
}
