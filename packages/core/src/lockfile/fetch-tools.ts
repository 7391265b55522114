/** Fetches the content of planned tools: from store and disk where it is there, everything else in one go. */
import { isPocketError } from "../errors.ts";
import type { FetchedTree, WantedTree } from "../git/fetched-tree.ts";
import type { ToolFiles } from "../program.ts";
import type { GitResolution, RemoteResolution } from "../source/source.ts";
import { readFolder } from "../store/read-folder.ts";
import { contentMismatch } from "./content-mismatch.ts";
import { fetchRemote } from "./fetch-remote.ts";
import { type GitLockEntry, type PinnedLockEntry, type RemoteLockEntry, toGitSource } from "./lock-entry.ts";
import type { LockContext } from "./lock-context.ts";
import type { PlannedTool } from "./plan-tools.ts";
import type { RequestedTool } from "./requested-tool.ts";
import { settleTool, type ToolFailure } from "./tool-failure.ts";

/** A tool's content, before anything of it was read. */
export type ToolContent = { readonly kind: "function" } | LocalContent | PinnedContent;
/** Content that a lock pins. */
export type PinnedContent = GitContent | RemoteContent;

export interface LocalContent {
  readonly kind: "local";
  readonly folder: string;
  readonly files: ToolFiles;
}

interface PinnedContentBase {
  readonly integrity: string;
  readonly files: ToolFiles;
  /** Whether the store held something else in its place, so that it was fetched again. */
  readonly repaired: boolean;
}

export interface GitContent extends PinnedContentBase {
  readonly kind: "git";
  readonly resolution: GitResolution;
  /** The lock entry that pinned it. */
  readonly entry?: GitLockEntry;
  /** Only where the folder has no manifest: the folders of the repository that have one. */
  readonly toolFolders?: readonly string[];
}

export interface RemoteContent extends PinnedContentBase {
  readonly kind: "remote";
  readonly resolution: RemoteResolution;
  /** The lock entry that pinned it. */
  readonly entry?: RemoteLockEntry;
}

export interface FetchedTool {
  readonly requested: RequestedTool;
  readonly content: ToolContent;
}

export interface FetchToolsOptions {
  /** Fetch again what is damaged in the store, rather than refuse it. */
  readonly repair: boolean;
}

/** All of `planned` in their order, each fetched or failed. What the lock pins always matches the lock. */
export async function fetchTools(
  context: LockContext,
  planned: readonly PlannedTool[],
  options: FetchToolsOptions,
): Promise<(FetchedTool | ToolFailure)[]> {
  const found = await Promise.all(
    planned.map(({ requested, plan }) =>
      settleTool(identify(requested, plan.kind === "pinned" ? plan.entry : undefined), async () => ({
        requested,
        content: await findContent(context, plan, options),
      })),
    ),
  );
  const missing = found.flatMap((tool) => ("content" in tool && tool.content.kind === "missing" ? [tool.content] : []));
  const trees = await fetchMissing(context, missing);
  return Promise.all(
    found.map((tool) => {
      if ("error" in tool) return tool;
      const { requested, content } = tool;
      if (content.kind !== "missing") return { requested, content };
      return settleTool(identify(requested, content.entry), async () => ({
        requested,
        content: takeTree(content, trees.get(content)),
      }));
    }),
  );
}

/** How a failure names the tool: as the user did, else as the lock does. */
function identify(
  { label, options }: RequestedTool,
  entry: PinnedLockEntry | undefined,
): { label: string; name?: string } {
  const name = options.name ?? entry?.name;
  return { label, ...(name !== undefined && { name }) };
}

/** Content that is neither on this disk nor in the store. */
interface MissingContent {
  readonly kind: "missing";
  readonly wanted: WantedTree;
  readonly entry?: GitLockEntry;
  readonly repaired: boolean;
}

async function findContent(
  context: LockContext,
  plan: PlannedTool["plan"],
  { repair }: FetchToolsOptions,
): Promise<ToolContent | MissingContent> {
  switch (plan.kind) {
    case "function":
      return { kind: "function" };
    case "local":
      return { kind: "local", folder: plan.folder, files: await readFolder(plan.folder) };
    case "unpinned":
      if (plan.source.kind !== "git") return fetchRemote(context, plan.source);
      return {
        kind: "missing",
        wanted: { source: plan.source, ...(plan.commit && { commit: plan.commit }) },
        repaired: false,
      };
    case "pinned": {
      const { entry } = plan;
      const stored = await readStored(() => context.store.readTree(entry.integrity), repair);
      if (stored !== null && stored !== "damaged") return takeStored(entry, stored);
      const repaired = stored === "damaged";
      return entry.source === "git"
        ? { kind: "missing", wanted: { source: toGitSource(entry), commit: entry.commit }, entry, repaired }
        : fetchRemote(context, { kind: entry.source, url: entry.url }, { entry, repaired });
    }
  }
}

/** What an entry is pinned to, in the lock's own words for the place: an unchanged pin never changes the file. */
export function toResolution(entry: GitLockEntry): GitResolution;
export function toResolution(entry: RemoteLockEntry): RemoteResolution;
export function toResolution(entry: PinnedLockEntry): GitResolution | RemoteResolution;
export function toResolution(entry: PinnedLockEntry): GitResolution | RemoteResolution {
  const { url } = entry;
  if (entry.source !== "git") return { kind: entry.source, url, digest: entry.digest };
  return { kind: "git", url, ref: entry.ref, path: entry.path, commit: entry.commit };
}

/** The content of an entry as it stands in the store. */
export function takeStored(entry: PinnedLockEntry, files: ToolFiles): PinnedContent {
  const { integrity } = entry;
  return entry.source === "git"
    ? { kind: "git", resolution: toResolution(entry), integrity, files, entry, repaired: false }
    : { kind: "remote", resolution: toResolution(entry), integrity, files, entry, repaired: false };
}

async function readStored(
  read: () => Promise<ToolFiles | null>,
  repair: boolean,
): Promise<ToolFiles | null | "damaged"> {
  try {
    return await read();
  } catch (error) {
    if (repair && isPocketError(error) && error.code === "ERR_POCKET_INTEGRITY") return "damaged";
    throw error;
  }
}

async function fetchMissing(
  { fetcher }: LockContext,
  missing: readonly MissingContent[],
): Promise<Map<MissingContent, PromiseSettledResult<FetchedTree>>> {
  if (missing.length === 0) return new Map();
  const trees = await fetcher.fetch(missing.map(({ wanted }) => wanted));
  return new Map(missing.flatMap((content, index) => (trees[index] === undefined ? [] : [[content, trees[index]]])));
}

function takeTree(
  { entry, repaired }: MissingContent,
  tree: PromiseSettledResult<FetchedTree> | undefined,
): PinnedContent {
  if (tree === undefined) throw new Error("the fetcher answered fewer trees than it was asked for");
  if (tree.status === "rejected") throw tree.reason;
  const { resolution, integrity, files, toolFolders } = tree.value;
  if (entry === undefined) {
    return { kind: "git", resolution, integrity, files, repaired, ...(toolFolders && { toolFolders }) };
  }
  if (integrity !== entry.integrity) throw contentMismatch(`commit ${entry.commit} of ${entry.url}`, entry, integrity);
  return { ...takeStored(entry, files), repaired };
}
