/** One repository: all trees that are wanted of it, with one question for its refs, one fetch of commits and one of contents. */
import type { GitResolution } from "../source/source.ts";
import { MANIFEST_NAMES } from "../source/tree-path.ts";
import type { Store } from "../store/store.ts";
import { checkFileCount, refuseTree, type ResolvedTreeLimits, type TreeCheck } from "../store/tree-rules.ts";
import { createBatch, type Batch, type BatchItem } from "./batch.ts";
import type { FetchedTree, WantedTree } from "./fetched-tree.ts";
import { toGitError } from "./git-failure.ts";
import { OutputLimitError, type GitSession } from "./git-session.ts";
import {
  describeOrigin,
  objectsOf,
  readFolderJobs,
  readPresentJobs,
  type FolderJob,
  type ReadFolderJob,
} from "./read-trees.ts";
import { readRemoteRefs } from "./remote-refs.ts";
import { createCommitFinder, resolvePinned, resolveSource } from "./resolve-wanted.ts";
import {
  createScratchRepository,
  fetchCommits,
  fetchObjects,
  isRefusedBySha,
  type ScratchRepository,
} from "./scratch-repository.ts";
import { fetchSmallRepository, type SmallRepository } from "./small-repository.ts";
import { findToolFolders, folderNotFound, listFolders, type ListedFolder } from "./tree-listing.ts";
import { isKnownRepository, noteRepository, readIndexedTree, writeIndexedTree } from "./tree-index.ts";

export interface FetchRepositoryOptions {
  readonly session: GitSession;
  readonly store: Store;
  readonly limits: ResolvedTreeLimits;
}

type TreeBatch = Batch<FetchedTree>;

/** One outcome for each of `wanted`, in their order; all have the URL `url`. */
export async function fetchRepository(
  url: string,
  wanted: readonly WantedTree[],
  options: FetchRepositoryOptions,
): Promise<PromiseSettledResult<FetchedTree>[]> {
  const { session } = options;
  const batch: TreeBatch = createBatch(wanted.length, (error) => toGitError(url, error, session.signal));
  const items = wanted.map((value, index) => ({ index, value }));
  const isKnown = await isKnownRepository(options.store, url);
  let small: SmallRepository | null;
  try {
    // What is known is asked for its refs first: often nothing of it has to be fetched.
    small = isKnown ? null : await fetchSmallRepository(session, url, wanted);
  } catch (error) {
    batch.fail(items, error);
    return batch.outcomes();
  }
  const resolved = await batch.each(items, createResolver(url, session, small));
  const absent = await takeFromStore(batch, resolved, options.store);
  for (const group of groupBySha(absent)) {
    try {
      await fetchResolved(url, batch, group, { ...options, small });
    } catch (error) {
      batch.fail(group, error);
    }
  }
  const outcomes = batch.outcomes();
  if (!isKnown && outcomes.some(({ status }) => status === "fulfilled")) await noteRepository(options.store, url);
  return outcomes;
}

/** Asks the remote for its refs when the first source without a pin wants them, and once; of a small repository, never. */
function createResolver(
  url: string,
  session: GitSession,
  small: SmallRepository | null,
): (wanted: WantedTree) => Promise<GitResolution> {
  if (small !== null) return async (wanted) => small.resolve(wanted);
  const open = async () => {
    const remote = await readRemoteRefs(session, url);
    return { remote, find: createCommitFinder(session, url, remote) };
  };
  let opened: ReturnType<typeof open> | undefined;
  return async ({ source, commit }) => {
    if (commit !== undefined) return resolvePinned({ source, commit });
    const { remote, find } = await (opened ??= open());
    return resolveSource(source, remote, find);
  };
}

async function takeFromStore(
  batch: TreeBatch,
  items: readonly BatchItem<GitResolution>[],
  store: Store,
): Promise<BatchItem<GitResolution>[]> {
  const looked = await batch.each(items, async (resolution) => ({
    resolution,
    tree: await readIndexedTree(store, resolution),
  }));
  return looked.flatMap(({ index, value: { resolution, tree } }) => {
    if (tree === null) return [{ index, value: resolution }];
    batch.succeed({ index, value: tree });
    return [];
  });
}

/** SHA-1 and SHA-256 commits cannot be in one repository: a pin of the wrong kind fails alone. */
function groupBySha(items: readonly BatchItem<GitResolution>[]): BatchItem<GitResolution>[][] {
  return [...Map.groupBy(items, ({ value }) => value.commit.length).values()];
}

async function fetchResolved(
  url: string,
  batch: TreeBatch,
  items: readonly BatchItem<GitResolution>[],
  { session, store, limits, small }: FetchRepositoryOptions & { readonly small: SmallRepository | null },
): Promise<void> {
  const format = items[0]?.value.commit.length === 64 ? "sha256" : "sha1";
  const open = async (leavesOut?: "blob:none"): Promise<ScratchRepository> => {
    const name = `${format}-${leavesOut === undefined ? "whole" : "partial"}.git`;
    return createScratchRepository(session, { name, url, format, leavesOut });
  };
  const keep = async (read: readonly BatchItem<ReadFolderJob>[]): Promise<void> => {
    for (const item of await batch.each(read, async (job) => keepTree(job, store))) batch.succeed(item);
  };
  if (small !== null) {
    const jobs = await listJobs(small.repository, batch, items, limits);
    const read = await readPresentJobs(small.repository, batch, jobs);
    if (read !== null) return keep(read);
    const repository = await fetchContents(small.repository, jobs, open);
    return keep(await readFolderJobs(repository, batch, jobs));
  }
  const partial = await open("blob:none");
  const commits = new Set(items.map(({ value }) => value.commit));
  const refused = await fetchCommits(partial, commits);
  const fetched = await batch.each(items, (resolution) => {
    const reason = refused.get(resolution.commit);
    if (reason !== undefined) throw reason;
    return resolution;
  });
  const jobs = await listJobs(partial, batch, fetched, limits);
  const repository = await fetchContents(partial, jobs, open);
  await keep(await readFolderJobs(repository, batch, jobs));
}

/** Finds the wanted folders in the trees of their commits, and checks what can be checked without the contents. */
async function listJobs(
  repository: ScratchRepository,
  batch: TreeBatch,
  items: readonly BatchItem<GitResolution>[],
  limits: ResolvedTreeLimits,
): Promise<BatchItem<FolderJob>[]> {
  const listings = new Map<string, Promise<ReadonlyMap<string, ListedFolder | null>>>();
  for (const [commit, same] of Map.groupBy(items, ({ value }) => value.commit)) {
    listings.set(commit, listFolders(repository, commit, new Set(same.map(({ value }) => value.path))));
  }
  return batch.each(items, async (resolution) => {
    const folder = await listFolder(repository, resolution, listings.get(resolution.commit));
    if (folder === null) throw await folderNotFound(repository, resolution);
    const hasManifest = folder.entries.some(({ path }) => MANIFEST_NAMES.includes(path));
    const toolFolders = hasManifest ? undefined : await findToolFolders(repository, resolution.commit);
    const check = { origin: describeOrigin(resolution), limits, ...sizeHint(toolFolders) };
    checkFileCount(folder.entries.length, check);
    return { resolution, folder, check, toolFolders };
  });
}

/** Where the common listing is endless, only the folder that makes it so is refused. */
async function listFolder(
  repository: ScratchRepository,
  resolution: GitResolution,
  common: Promise<ReadonlyMap<string, ListedFolder | null>> | undefined,
): Promise<ListedFolder | null> {
  const { commit, path } = resolution;
  try {
    const folders = await common?.catch(async (error: unknown) => {
      if (error instanceof OutputLimitError) return listFolders(repository, commit, new Set([path]));
      throw error;
    });
    return folders?.get(path) ?? null;
  } catch (error) {
    if (!(error instanceof OutputLimitError)) throw error;
    throw refuseTree(describeOrigin(resolution), "the folder holds more files than can be listed", {
      hint: "name the folder of one tool",
    });
  }
}

function sizeHint(toolFolders: readonly string[] | undefined): Pick<TreeCheck, "sizeHint"> {
  if (toolFolders === undefined || toolFolders.length === 0) return {};
  const names = toolFolders.slice(0, 5).map((folder) => JSON.stringify(folder));
  return { sizeHint: `name the folder of a tool, such as ${names.join(", ")}` };
}

/** The repository that has the contents: `partial` after one more fetch, or a whole one where the server gives no single objects. */
async function fetchContents(
  partial: ScratchRepository,
  jobs: readonly BatchItem<FolderJob>[],
  openWhole: () => Promise<ScratchRepository>,
): Promise<ScratchRepository> {
  const objects = objectsOf(jobs);
  if (objects.size === 0) return partial;
  try {
    // Where the server left nothing out, git finds them all there, and fetches nothing.
    await fetchObjects(partial, objects);
    return partial;
  } catch (error) {
    if (partial.session.signal.aborted || !isRefusedBySha(error)) throw error;
    const whole = await openWhole();
    await fetchCommits(whole, new Set(jobs.map(({ value }) => value.resolution.commit)));
    return whole;
  }
}

/** A folder without a manifest is not put into the index: each time, the user is to be told where the tools are. */
async function keepTree({ resolution, folder, files, toolFolders }: ReadFolderJob, store: Store): Promise<FetchedTree> {
  const integrity = await store.writeTree(files);
  const submodules = folder.entries.filter(({ kind }) => kind === "submodule").map(({ path }) => path);
  const tree: FetchedTree = { resolution, integrity, files, submodules, ...(toolFolders && { toolFolders }) };
  if (toolFolders === undefined) await writeIndexedTree(store, tree);
  return tree;
}
