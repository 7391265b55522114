/** Fetches the content of planned tools: from store and disk where it is there, everything else in one go. */
import { isPocketError, PocketError } from "../errors.ts";
import type { FetchedTree, WantedTree } from "../git/fetched-tree.ts";
import type { ToolFiles } from "../program.ts";
import type { GitResolution } from "../source/source.ts";
import { readFolder } from "../store/read-folder.ts";
import type { GitLockEntry } from "./lock-entry.ts";
import type { LockContext } from "./lock-context.ts";
import type { PlannedTool } from "./plan-tools.ts";
import type { RequestedTool } from "./requested-tool.ts";
import { settleTool, type ToolFailure } from "./tool-failure.ts";

/** A tool's content, before anything of it was read. */
export type ToolContent = { readonly kind: "function" } | LocalContent | GitContent;

export interface LocalContent {
  readonly kind: "local";
  readonly folder: string;
  readonly files: ToolFiles;
}

export interface GitContent {
  readonly kind: "git";
  readonly resolution: GitResolution;
  readonly integrity: string;
  readonly files: ToolFiles;
  /** The lock entry that pinned it. */
  readonly entry?: GitLockEntry;
  /** Only where the folder has no manifest: the folders of the repository that have one. */
  readonly toolFolders?: readonly string[];
  /** Whether the store held something else in its place, so that it was fetched again. */
  readonly repaired: boolean;
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
  entry: GitLockEntry | undefined,
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
  { store }: LockContext,
  plan: PlannedTool["plan"],
  { repair }: FetchToolsOptions,
): Promise<ToolContent | MissingContent> {
  switch (plan.kind) {
    case "function":
      return { kind: "function" };
    case "local":
      return { kind: "local", folder: plan.folder, files: await readFolder(plan.folder) };
    case "unpinned":
      return {
        kind: "missing",
        wanted: { source: plan.source, ...(plan.commit && { commit: plan.commit }) },
        repaired: false,
      };
    case "pinned": {
      const { entry, source } = plan;
      const stored = await readStored(() => store.readTree(entry.integrity), repair);
      if (stored === null || stored === "damaged") {
        const wanted = { source, commit: entry.commit };
        return { kind: "missing", wanted, entry, repaired: stored === "damaged" };
      }
      const { url, ref, path, commit, integrity } = entry;
      return {
        kind: "git",
        resolution: { kind: "git", url, ref, path, commit },
        integrity,
        files: stored,
        entry,
        repaired: false,
      };
    }
  }
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
): GitContent {
  if (tree === undefined) throw new Error("the fetcher answered fewer trees than it was asked for");
  if (tree.status === "rejected") throw tree.reason;
  const { resolution, integrity, files, toolFolders } = tree.value;
  if (entry === undefined) {
    return { kind: "git", resolution, integrity, files, repaired, ...(toolFolders && { toolFolders }) };
  }
  if (integrity !== entry.integrity) {
    throw new PocketError(
      "ERR_POCKET_INTEGRITY",
      `commit ${entry.commit} of ${entry.url} has other content than pocket.lock says for "${entry.name}": ${integrity}, not ${entry.integrity}`,
      {
        hint: "restore pocket.lock from version control; the tool is not run",
        details: { tool: entry.name, expected: entry.integrity, found: integrity },
      },
    );
  }
  // The lock's own words for the place, so that an unchanged pin never changes the file.
  const { url, ref, path, commit } = entry;
  return { kind: "git", resolution: { kind: "git", url, ref, path, commit }, integrity, files, entry, repaired };
}
