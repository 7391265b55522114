/** The public names of @toolpocket/wasm-invoker. */
export { type BrowserOrigin, findBrowser, type FoundBrowser } from "./browser/find-browser.ts";
export { MODULE_KEY_PREFIX, type ModuleCache } from "./program/module-cache.ts";
export type { NetworkLimits } from "./network/network-limits.ts";
export { createMemorySnapshotStore, SNAPSHOT_KEY_PREFIX, type SnapshotStore } from "./snapshot/python-snapshot.ts";
export { DEFAULT_MAX_STORAGE_BYTES, DEFAULT_MAX_STORAGE_FILES } from "./storage/storage-limits.ts";
export { createWasmInvoker, DEFAULT_MAX_QUEUE, type WasmInvokerOptions } from "./wasm-invoker.ts";
