/** What `pocket.lock` holds of each tool, as it is in memory. */
import type { Permissions } from "../permissions.ts";
import type { GitSource, RemoteSource } from "../source/source.ts";

/** The version of the format that this Toolpocket writes. */
export const LOCKFILE_VERSION = 1;

interface LockEntryBase {
  /** The tool's name: unique in the lock. */
  readonly name: string;
  /** What the tool asked for when it was locked; empty for a local tool, whose content is not pinned. */
  readonly permissions: Permissions;
  /**
   * `sha256-` and hex over what a model reads: name, description and input schema, as the tool's author wrote them;
   * absent while the tool is broken, for a local tool, and where the request describes a lone module.
   */
  readonly definition?: string;
  /** "reference sha256-…" of each module that its manifest names by reference, sorted; absent where there is none. */
  readonly modules?: readonly string[];
  /** The Python packages that its manifest asks for (PEP 508), sorted; absent where there are none. */
  readonly requires?: readonly string[];
  /** "name version sha256-… file" of each wheel that was chosen for them, sorted. */
  readonly packages?: readonly string[];
}

/** An entry whose content is pinned. */
interface PinnedEntryBase extends LockEntryBase {
  /** `sha256-` and hex over the tool's tree. */
  readonly integrity: string;
  /** "name version sha256-…" of each wheel in the tree, sorted. */
  readonly wheels: readonly string[];
}

export interface GitLockEntry extends PinnedEntryBase {
  readonly source: "git";
  readonly url: string;
  /** What was asked for: a branch, tag or sha; "HEAD" where no ref was named. */
  readonly ref: string;
  /** "" for the repository's root. */
  readonly path: string;
  /** Full commit sha. */
  readonly commit: string;
}

export interface RemoteLockEntry extends PinnedEntryBase {
  readonly source: "url" | "oci";
  /** What was asked for. */
  readonly url: string;
  /** `sha256-` and hex: of the file behind the URL, of the manifest that the tag stood for. */
  readonly digest: string;
}

/** A tool that somebody else runs: only what a model reads of it can be pinned. */
export interface ExternalLockEntry extends LockEntryBase {
  readonly source: "mcp";
  /** Who runs it, on one line. */
  readonly url: string;
  readonly definition: string;
}

export interface LocalLockEntry extends LockEntryBase {
  readonly source: "local";
  /** Relative to the lockfile's folder, with `/`. */
  readonly path: string;
}

export type PinnedLockEntry = GitLockEntry | RemoteLockEntry;
/** Of a tool whose content is had here. */
export type ContentLockEntry = PinnedLockEntry | LocalLockEntry;
export type LockEntry = ContentLockEntry | ExternalLockEntry;

export function isPinned(entry: LockEntry): entry is PinnedLockEntry {
  return entry.source !== "local" && entry.source !== "mcp";
}

/**
 * The commit of a whole repository at a ref, taken over from Hyperpocket's lock, which knows no tools. It holds for
 * every tool of that URL and ref which has no entry yet.
 */
export interface RepositoryPin {
  readonly url: string;
  readonly ref: string;
  /** Full sha; Hyperpocket may have locked an annotated tag's object, which stands for the commit that it tags. */
  readonly commit: string;
}

/** The packages that sessions are opened with: one entry for each list of requirements. */
export interface SessionPins {
  /** Sorted (PEP 508). */
  readonly requires: readonly string[];
  /** "name version sha256-… file" of each wheel that was chosen for them, sorted. */
  readonly packages: readonly string[];
}

export interface Lockfile {
  readonly version: typeof LOCKFILE_VERSION;
  /** Sorted by name. */
  readonly tools: readonly LockEntry[];
  /** Sorted by URL and ref. Only in a lock that was converted, until `pocket lock sync` has run. */
  readonly pins: readonly RepositoryPin[];
  /** Sorted by requirements; absent where there are none. */
  readonly sessions?: readonly SessionPins[];
}

/** A lock that holds nothing: what a missing file stands for. */
export const EMPTY_LOCKFILE: Lockfile = { version: LOCKFILE_VERSION, tools: [], pins: [] };

/** The source that a pinned entry was made of. */
export function toSource(entry: PinnedLockEntry): GitSource | RemoteSource {
  return entry.source === "git" ? toGitSource(entry) : { kind: entry.source, url: entry.url };
}

/** The source in a repository that a lock holds. */
export function toGitSource(place: Pick<GitLockEntry, "url" | "ref" | "path">): GitSource {
  return { kind: "git", url: place.url, path: place.path, ...(place.ref !== "HEAD" && { ref: place.ref }) };
}
