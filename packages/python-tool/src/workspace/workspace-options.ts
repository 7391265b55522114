/** The user's folder that code may work on, and how much of it. */

/** All files of one copy together, in bytes. */
export const DEFAULT_MAX_WORKSPACE_BYTES = 67_108_864;
/** Files of one copy. */
export const DEFAULT_MAX_WORKSPACE_FILES = 2_000;

export interface WorkspaceOptions {
  /** The folder that is copied in. */
  folder: string;
  /** Whether what code changes is copied back. @defaultValue "read" */
  access?: "read" | "write";
  /**
   * The files and folders of it that are copied, in both directions, as paths in it. Without it: all but what is hidden
   * (its name begins with a dot), `node_modules` and `__pycache__`.
   */
  include?: readonly string[];
  /** @defaultValue DEFAULT_MAX_WORKSPACE_BYTES */
  maxBytes?: number;
  /** @defaultValue DEFAULT_MAX_WORKSPACE_FILES */
  maxFiles?: number;
}

/** What was done to the user's folder. Paths are relative to it, sorted. */
export interface SyncedChanges {
  readonly written: readonly string[];
  readonly removed: readonly string[];
  /** Changes that were not made, and why. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}
