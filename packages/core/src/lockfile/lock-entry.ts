/** A lock entry: what `pocket.lock` holds of one tool, as it is in memory. */
import type { Permissions } from "../permissions.ts";

interface LockEntryBase {
  /** The tool's name: unique in the lock. */
  readonly name: string;
  /** What the tool asked for when it was locked. */
  readonly permissions: Permissions;
  /** `sha256-` and hex over name, description and input schema as a model reads them; absent while the tool is broken. */
  readonly definition?: string;
}

export interface GitLockEntry extends LockEntryBase {
  readonly source: "git";
  readonly url: string;
  /** What was asked for: a branch, tag or sha; "HEAD" where no ref was named. */
  readonly ref: string;
  /** "" for the repository's root. */
  readonly path: string;
  /** Full commit sha. */
  readonly commit: string;
  /** `sha256-` and hex over the tool's tree. */
  readonly integrity: string;
  /** "name version sha256-…" of each wheel in the tree, sorted. */
  readonly wheels: readonly string[];
}

export interface LocalLockEntry extends LockEntryBase {
  readonly source: "local";
  /** Relative to the lockfile's folder, with `/`. */
  readonly path: string;
}

export type LockEntry = GitLockEntry | LocalLockEntry;

export interface Lockfile {
  readonly version: 1;
  /** Sorted by name. */
  readonly tools: readonly LockEntry[];
}
