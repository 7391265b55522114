/** The port to where metered modules are kept, and the one that keeps nothing. */

/** What the keys of metered modules begin with. */
export const MODULE_KEY_PREFIX = "metered-module-";

/** A cache that gives back other bytes than it was given is the cache's to notice. */
export interface ModuleCache {
  /** Null where there is none, or where it is damaged. `tool` is whose module it is: nothing depends on it. */
  read(key: string, tool: string): Promise<Uint8Array | null>;
  write(key: string, bytes: Uint8Array): Promise<void>;
}

/** Keeps nothing: a sandbox that is opened again meters its module again. */
export const NO_MODULE_CACHE: ModuleCache = {
  read: async () => null,
  write: async () => undefined,
};
