/** Fetches what locked tools are today, and what they were, to be compared. */
import type { WantedTree } from "../git/fetched-tree.ts";
import type { ToolFiles } from "../program.ts";
import type { GitContent } from "./fetch-tools.ts";
import type { LockContext } from "./lock-context.ts";
import { type GitLockEntry, toSource } from "./lock-entry.ts";
import type { RequestedTool } from "./requested-tool.ts";
import { partFailures, settleTool, toSyncError } from "./tool-failure.ts";

export interface PinnedTool {
  readonly requested: RequestedTool;
  readonly entry: GitLockEntry;
}

/** A locked tool beside what its ref stands for today. */
export interface Move {
  readonly requested: RequestedTool;
  /** Without files where the old content can no longer be had. */
  readonly locked: { readonly entry: GitLockEntry; readonly files: ToolFiles | undefined };
  readonly fresh: GitContent;
}

/**
 * The moves of all tools, sorted by name; one fetch for all of them.
 * @throws PocketError ERR_POCKET_SYNC_FAILED when a ref cannot be resolved or fetched.
 */
export async function fetchMoves({ store, fetcher }: LockContext, tools: readonly PinnedTool[]): Promise<Move[]> {
  if (tools.length === 0) return [];
  const sorted = tools.toSorted((a, b) => (a.entry.name < b.entry.name ? -1 : 1));
  const stored = await Promise.all(sorted.map(({ entry }) => store.readTree(entry.integrity).catch(() => null)));
  const lost = sorted.filter((_, index) => stored[index] === null);
  const results = await fetcher.fetch([...sorted.map(wantFresh), ...lost.map(wantLocked)]);
  const moves = sorted.map(({ requested, entry }, index) =>
    settleTool({ label: requested.label, name: entry.name }, async (): Promise<Move> => {
      const result = results[index];
      if (result?.status !== "fulfilled") throw result?.reason;
      const lostAt = lost.findIndex((tool) => tool.entry === entry);
      const old = results[sorted.length + lostAt];
      const refetched = lostAt !== -1 && old?.status === "fulfilled" ? old.value.files : undefined;
      return {
        requested,
        locked: { entry, files: stored[index] ?? refetched },
        fresh: { kind: "git", ...result.value, repaired: false },
      };
    }),
  );
  const { done, failures } = partFailures(await Promise.all(moves));
  if (failures.length > 0) throw toSyncError(failures);
  return done;
}

function wantFresh({ entry }: PinnedTool): WantedTree {
  return { source: toSource(entry) };
}

function wantLocked({ entry }: PinnedTool): WantedTree {
  return { source: toSource(entry), commit: entry.commit };
}
