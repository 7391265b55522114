/** Finds the lock entries that no request asks for. */
import { entryMatches } from "./entry-matches.ts";
import type { LockEntry, Lockfile } from "./lock-entry.ts";
import { type LockContext, toLockedPath } from "./lock-context.ts";
import type { RequestedTool } from "./requested-tool.ts";

/** Entries whose place none of the requested tools has; what they are named does not count. */
export function findStaleEntries(
  context: LockContext,
  requested: readonly RequestedTool[],
  lock: Lockfile,
): LockEntry[] {
  // Tools of MCP servers are requested by programs only, which are not known here.
  const isAskedFor = (entry: LockEntry): boolean =>
    entry.source === "mcp" ||
    requested.some(({ target }) =>
      entry.source === "local"
        ? target.kind === "local" && toLockedPath(context, target.path) === entry.path
        : entryMatches(entry, target),
    );
  return lock.tools.filter((entry) => !isAskedFor(entry));
}
