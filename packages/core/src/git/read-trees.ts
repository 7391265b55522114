/** From listed folders to the files of tools: contents are read, links resolved, and the tree's rules checked. */
import type { ToolFiles } from "../program.ts";
import type { GitResolution } from "../source/source.ts";
import { formatSource } from "../source/format-source.ts";
import { resolveLinks, type TreeEntry } from "../store/resolve-links.ts";
import { checkTreePaths, checkTreeSize, quoteName, refuseTree, type TreeCheck } from "../store/tree-rules.ts";
import type { Batch, BatchItem } from "./batch.ts";
import { readContents, readSizes } from "./blob-contents.ts";
import type { FetchedTree } from "./fetched-tree.ts";
import { OutputLimitError } from "./git-session.ts";
import type { ScratchRepository } from "./scratch-repository.ts";
import type { ListedEntry, ListedFolder } from "./tree-listing.ts";

/** Longer than any path that a system allows in a link. */
const MAX_LINK_BYTES = 4_096;

/** What may be read before any size is known. */
const MAX_UNCHECKED_BYTES = 33_554_432;

/** A folder that was found, with what is known of it before its contents are there. */
export interface FolderJob {
  readonly resolution: GitResolution;
  readonly folder: ListedFolder;
  readonly check: TreeCheck;
  readonly toolFolders: readonly string[] | undefined;
}

export interface ReadFolderJob extends FolderJob {
  readonly files: ToolFiles;
}

/** The files of every folder; the contents must be in `repository`. All is read in one command where that is not too much. */
export async function readFolderJobs(
  repository: ScratchRepository,
  batch: Batch<FetchedTree>,
  jobs: readonly BatchItem<FolderJob>[],
): Promise<BatchItem<ReadFolderJob>[]> {
  try {
    const contents = await readContents(repository, objectsOf(jobs), MAX_UNCHECKED_BYTES);
    return await batch.each(jobs, (job) => toFiles(job, contents));
  } catch (error) {
    if (!(error instanceof OutputLimitError)) throw error;
  }
  const sizes = await readSizes(repository, objectsOf(jobs));
  const small = await batch.each(jobs, (job) => checkSize(job, sizes));
  const objects = objectsOf(small);
  const contents = await readContents(repository, objects, sum([...objects].map((object) => sizes.get(object) ?? 0)));
  return batch.each(small, (job) => toFiles(job, contents));
}

/** As `readFolderJobs`, where it is not known whether all contents are there; null where one is not, or they are many. */
export async function readPresentJobs(
  repository: ScratchRepository,
  batch: Batch<FetchedTree>,
  jobs: readonly BatchItem<FolderJob>[],
): Promise<BatchItem<ReadFolderJob>[] | null> {
  const contents = await readContents(repository, objectsOf(jobs), MAX_UNCHECKED_BYTES).catch(() => null);
  repository.session.signal.throwIfAborted();
  return contents && batch.each(jobs, (job) => toFiles(job, contents));
}

/** The objects of all files and links of the folders. */
export function objectsOf(jobs: readonly BatchItem<FolderJob>[]): Set<string> {
  return new Set(jobs.flatMap(({ value }) => value.folder.entries.filter(isContent).map(({ object }) => object)));
}

/** Where a tree comes from, for errors. */
export function describeOrigin(resolution: GitResolution): string {
  return formatSource(resolution);
}

function checkSize(job: FolderJob, sizes: ReadonlyMap<string, number>): FolderJob {
  checkTreeSize(sum(job.folder.entries.map(({ object }) => sizes.get(object) ?? 0)), job.check);
  return job;
}

function toFiles(job: FolderJob, contents: ReadonlyMap<string, Uint8Array>): ReadFolderJob {
  const { folder, check } = job;
  const entries = folder.entries.filter(isContent);
  checkTreePaths(
    entries.map(({ path }) => path),
    check.origin,
  );
  const byPath = new Map(entries.map(({ path, object }) => [path, contents.get(object) ?? missingObject(object)]));
  const resolved = resolveLinks(
    entries.map(({ path, kind }) => toTreeEntry(path, kind === "link" ? byPath.get(path) : undefined, check)),
    check,
  );
  const files = new Map(resolved.map(({ path, from }) => [path, byPath.get(from) ?? missingObject(from)]));
  checkTreeSize(sum([...files.values()].map(({ length }) => length)), check);
  return { ...job, files };
}

function toTreeEntry(path: string, target: Uint8Array | undefined, { origin }: TreeCheck): TreeEntry {
  if (target === undefined) return { path, kind: "file" };
  if (target.length > MAX_LINK_BYTES) {
    throw refuseTree(origin, `the symbolic link ${quoteName(path)} is longer than any path`, {
      hint: "ask the tool's author to put the file itself there",
      path,
    });
  }
  return { path, kind: "link", target: Buffer.from(target).toString("utf8") };
}

function isContent({ kind }: ListedEntry): boolean {
  return kind !== "submodule";
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function missingObject(object: string): never {
  throw new Error(`git has no object ${object}`);
}
