/** Fetches what locked tools are today, and what they were, to be compared. */
import type { FetchedTree, WantedTree } from "../git/fetched-tree.ts";
import type { ToolFiles } from "../program.ts";
import { readFolder } from "../store/read-folder.ts";
import { fetchRemote } from "./fetch-remote.ts";
import type { LocalContent, PinnedContent } from "./fetch-tools.ts";
import { type LockContext, toFolder } from "./lock-context.ts";
import { EMPTY_LOCKFILE, type GitLockEntry, type ContentLockEntry, toGitSource } from "./lock-entry.ts";
import { type BrokenReadTool, readTools, type SoundReadTool } from "./read-tools.ts";
import type { RequestedTool } from "./requested-tool.ts";
import { partFailures, settleTool, toSyncError } from "./tool-failure.ts";
import { fetchModules } from "./tool-modules.ts";
import { fetchPackages } from "./tool-packages.ts";

export interface PinnedTool {
  readonly requested: RequestedTool;
  readonly entry: ContentLockEntry;
}

/** A locked tool beside what its ref stands for today. */
export interface Move {
  readonly requested: RequestedTool;
  /** Without files where the old content can no longer be had. */
  readonly locked: { readonly entry: ContentLockEntry; readonly files: ToolFiles | undefined };
  readonly fresh: SoundReadTool | BrokenReadTool;
}

/**
 * The moves of all tools, sorted by name; one fetch for all of them that lie in repositories.
 * @throws PocketError ERR_POCKET_SYNC_FAILED when a ref or a reference cannot be resolved or fetched.
 */
export async function fetchMoves(context: LockContext, tools: readonly PinnedTool[]): Promise<Move[]> {
  const sorted = tools.toSorted((a, b) => (a.entry.name < b.entry.name ? -1 : 1));
  const stored = await Promise.all(sorted.map(({ entry }) => readStored(context, entry)));
  const trees = await fetchTrees(context, sorted, stored);
  const results = sorted.map(({ requested, entry }, index) =>
    settleTool({ label: requested.label, name: entry.name }, async (): Promise<Move> => {
      const tree = trees.get(entry);
      const content = await readFresh(context, entry, tree);
      const fresh = await readMoved(context, requested, content);
      if (entry.source === "local") return { requested, locked: { entry, files: content.files }, fresh };
      return { requested, locked: { entry, files: stored[index] ?? tree?.old }, fresh };
    }),
  );
  const { done, failures } = partFailures(await Promise.all(results));
  if (failures.length > 0) throw toSyncError(failures);
  return done;
}

async function readStored({ store }: LockContext, entry: ContentLockEntry): Promise<ToolFiles | null> {
  return entry.source === "local" ? null : store.readTree(entry.integrity).catch(() => null);
}

interface Trees {
  readonly fresh: PromiseSettledResult<FetchedTree> | undefined;
  /** What was locked, where the store had lost it. */
  readonly old: ToolFiles | undefined;
}

/** The trees of those that lie in repositories: as they are today, and as they were where the store lost them. */
async function fetchTrees(
  { fetcher }: LockContext,
  tools: readonly PinnedTool[],
  stored: readonly (ToolFiles | null)[],
): Promise<ReadonlyMap<ContentLockEntry, Trees>> {
  const inGit = tools.flatMap(({ entry }, index) => (entry.source === "git" ? [{ entry, files: stored[index] }] : []));
  const lost = inGit.filter(({ files }) => files === null).map(({ entry }) => entry);
  if (inGit.length === 0) return new Map();
  const results = await fetcher.fetch([...inGit.map(({ entry }) => wantFresh(entry)), ...lost.map(wantLocked)]);
  return new Map(
    inGit.map(({ entry }, index) => {
      const lostAt = lost.indexOf(entry);
      const old = lostAt === -1 ? undefined : results[inGit.length + lostAt];
      return [entry, { fresh: results[index], old: old?.status === "fulfilled" ? old.value.files : undefined }];
    }),
  );
}

async function readFresh(
  context: LockContext,
  entry: ContentLockEntry,
  tree: Trees | undefined,
): Promise<PinnedContent | LocalContent> {
  if (entry.source === "local") {
    const folder = toFolder(context, entry.path);
    return { kind: "local", folder, files: await readFolder(folder) };
  }
  if (entry.source !== "git") return fetchRemote(context, { kind: entry.source, url: entry.url });
  if (tree?.fresh?.status !== "fulfilled") throw tree?.fresh?.reason;
  return { kind: "git", ...tree.fresh.value, repaired: false };
}

/** What its manifest says today, with the modules and packages that it names: nothing of it is pinned yet, and nothing is written. */
async function readMoved(
  context: LockContext,
  requested: RequestedTool,
  content: PinnedContent | LocalContent,
): Promise<SoundReadTool | BrokenReadTool> {
  const read = readTools([{ requested, content }]);
  const unfrozen = { ...context, frozen: false };
  const withModules = partFailures(await fetchModules(unfrozen, EMPTY_LOCKFILE, read));
  const { done, failures } = partFailures(await fetchPackages(unfrozen, EMPTY_LOCKFILE, withModules.done));
  const [failure] = [...withModules.failures, ...failures];
  if (failure !== undefined) throw failure.error;
  const [tool] = done;
  if (tool === undefined || tool.kind === "function") throw new TypeError("a locked tool reads as a tool");
  return tool;
}

function wantFresh(entry: GitLockEntry): WantedTree {
  return { source: toGitSource(entry) };
}

function wantLocked(entry: GitLockEntry): WantedTree {
  return { source: toGitSource(entry), commit: entry.commit };
}
