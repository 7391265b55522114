/** How much a granted folder may hold. */

/** Bytes of all files of one granted folder, before and after a run: it is sent to the tool whole. */
export const DEFAULT_MAX_STORAGE_BYTES = 67_108_864;
/** Files, folders and links of one granted folder. */
export const DEFAULT_MAX_STORAGE_FILES = 10_000;

export interface StorageLimits {
  readonly maxBytes: number;
  readonly maxEntries: number;
}

export const DEFAULT_STORAGE_LIMITS: StorageLimits = {
  maxBytes: DEFAULT_MAX_STORAGE_BYTES,
  maxEntries: DEFAULT_MAX_STORAGE_FILES,
};
