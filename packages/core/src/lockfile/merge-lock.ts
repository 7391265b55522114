/** Merges the entries of this process's tools into a lock that others write too. */
import { isDeepStrictEqual } from "node:util";
import { entryMatches } from "./entry-matches.ts";
import { formatLockfile } from "./format-lockfile.ts";
import { EMPTY_LOCKFILE, isPinned, type LockEntry, type Lockfile, type RepositoryPin, toSource } from "./lock-entry.ts";

/** What is to become of a lock. */
export interface LockChanges {
  /** Each replaces the entry of its name. */
  readonly entries: readonly LockEntry[];
  /** What is to go: the names of tools that nobody asks for, and the pins of Hyperpocket's lock. */
  readonly stale: { readonly names: ReadonlySet<string>; readonly pins: readonly RepositoryPin[] };
}

/** The lock with the changes in it; whatever else it holds stays. */
export function mergeLock(lock: Lockfile, { entries, stale }: LockChanges): Lockfile {
  const replaced = new Set(entries.map((entry) => entry.name));
  const others = lock.tools.filter(({ name }) => !replaced.has(name) && !stale.names.has(name));
  const isStale = (pin: RepositoryPin): boolean =>
    stale.pins.some(({ url, ref }) => url === pin.url && ref === pin.ref);
  return {
    ...lock,
    tools: [...others, ...entries].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    pins: lock.pins.filter((pin) => !isStale(pin)),
  };
}

/** What of the lock is stale when `entries` is all that it shall hold. */
export function findStale(lock: Lockfile, entries: readonly LockEntry[]): LockChanges["stale"] {
  const wanted = new Set(entries.map((entry) => entry.name));
  // A pin of an MCP server's tool is a program's, and what was accepted by a person: no sync forgets it.
  const others = lock.tools.filter(({ name, source }) => source !== "mcp" && !wanted.has(name));
  const names = others.map(({ name }) => name);
  return { names: new Set(names), pins: lock.pins };
}

export const NOTHING_STALE: LockChanges["stale"] = { names: new Set(), pins: [] };

/** One difference between two locks. */
export interface LockDifference {
  readonly kind: "add" | "change" | "remove";
  readonly name: string;
  readonly source: LockEntry["source"];
}

export function compareLocks(before: Lockfile, after: Lockfile): LockDifference[] {
  const [old, fresh] = [byName(before), byName(after)];
  return [
    ...after.tools.flatMap((entry): LockDifference[] => {
      const locked = old.get(entry.name);
      if (locked !== undefined && isSameEntry(locked, entry)) return [];
      return [{ kind: locked === undefined ? "add" : "change", name: entry.name, source: entry.source }];
    }),
    ...before.tools
      .filter((entry) => !fresh.has(entry.name))
      .map((entry): LockDifference => ({ kind: "remove", name: entry.name, source: entry.source })),
  ];
}

/**
 * Whether another process changed, between `before` and `current`, what this one built on: an entry of the same name, or
 * of the same place. Then its pins hold, and the work is done again from there.
 */
export function isOvertaken(before: Lockfile, current: Lockfile, entries: readonly LockEntry[]): boolean {
  return formatEntries(concerning(before, entries)) !== formatEntries(concerning(current, entries));
}

function concerning(lock: Lockfile, entries: readonly LockEntry[]): LockEntry[] {
  return lock.tools.filter((locked) =>
    entries.some((entry) => locked.name === entry.name || isSamePlace(locked, entry)),
  );
}

function isSamePlace(locked: LockEntry, entry: LockEntry): boolean {
  return isPinned(locked) && isPinned(entry) && entryMatches(locked, toSource(entry));
}

/** Whether both are written as the same text. */
function isSameEntry(one: LockEntry, other: LockEntry): boolean {
  return isDeepStrictEqual(one, other) || formatEntries([one]) === formatEntries([other]);
}

function byName(lock: Lockfile): Map<string, LockEntry> {
  return new Map(lock.tools.map((entry) => [entry.name, entry]));
}

function formatEntries(tools: readonly LockEntry[]): string {
  return formatLockfile({ ...EMPTY_LOCKFILE, tools });
}
