/** `node:v8`: what can be said of the engine without asking it. */
import { unavailable } from "../errors/node-error.ts";
import type { Exports } from "../node-realm.ts";

const MEBIBYTE = 1_048_576;

export function createV8(): Exports {
  const refuse = (name: string) => (): never => {
    throw unavailable(`v8.${name}`);
  };
  return {
    serialize: refuse("serialize"),
    deserialize: refuse("deserialize"),
    getHeapStatistics: () => ({
      total_heap_size: 8 * MEBIBYTE,
      used_heap_size: 6 * MEBIBYTE,
      heap_size_limit: 512 * MEBIBYTE,
      total_available_size: 512 * MEBIBYTE,
      total_physical_size: 8 * MEBIBYTE,
      malloced_memory: 0,
      peak_malloced_memory: 0,
      number_of_native_contexts: 1,
    }),
    getHeapSpaceStatistics: () => [],
    getHeapSnapshot: refuse("getHeapSnapshot"),
    setFlagsFromString: () => undefined,
    cachedDataVersionTag: () => 0,
    startupSnapshot: { isBuildingSnapshot: () => false },
  };
}
