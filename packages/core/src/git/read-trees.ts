/** From listed folders to the files of tools: sizes are checked first, then links resolved, then contents read, all at once. */
import type { ToolFiles } from "../program.ts";
import type { GitResolution } from "../source/source.ts";
import { formatSource } from "../source/format-source.ts";
import { resolveLinks, type ResolvedFile, type TreeEntry } from "../store/resolve-links.ts";
import { checkTreePaths, checkTreeSize, quoteName, refuseTree, type TreeCheck } from "../store/tree-rules.ts";
import type { Batch, BatchItem } from "./batch.ts";
import { readContents, readSizes } from "./blob-contents.ts";
import type { FetchedTree } from "./fetched-tree.ts";
import type { ScratchRepository } from "./scratch-repository.ts";
import type { ListedEntry, ListedFolder } from "./tree-listing.ts";

/** Longer than any path that a system allows in a link. */
const MAX_LINK_BYTES = 4_096;

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

/** The files of every folder; the contents must be in `repository`. */
export async function readFolderJobs(
  repository: ScratchRepository,
  batch: Batch<FetchedTree>,
  jobs: readonly BatchItem<FolderJob>[],
): Promise<BatchItem<ReadFolderJob>[]> {
  const sizes = await readSizes(repository, objectsOf(jobs, isContent));
  const linked = await batch.each(jobs, (job) => checkLinks(job, sizes));
  const links = await readContents(
    repository,
    pick(
      sizes,
      objectsOf(linked, ({ kind }) => kind === "link"),
    ),
  );
  const planned = await batch.each(linked, (job) => planFiles(job, sizes, links));
  const wanted = new Set(planned.flatMap(({ value }) => value.files.map(({ object }) => object)));
  const contents = await readContents(repository, pick(sizes, wanted));
  return batch.each(planned, ({ job, files }) => ({
    ...job,
    files: new Map(files.map(({ path, object }) => [path, contents.get(object) ?? missingObject(object)])),
  }));
}

/** Where a tree comes from, for errors. */
export function describeOrigin(resolution: GitResolution): string {
  return formatSource(resolution);
}

function checkLinks(job: FolderJob, sizes: ReadonlyMap<string, number>): FolderJob {
  for (const { path, kind, object } of job.folder.entries) {
    if (kind === "link" && (sizes.get(object) ?? missingObject(object)) > MAX_LINK_BYTES) {
      throw refuseTree(job.check.origin, `the symbolic link ${quoteName(path)} is longer than any path`, {
        hint: "ask the tool's author to put the file itself there",
        path,
      });
    }
  }
  return job;
}

interface PlannedFile {
  readonly path: string;
  readonly object: string;
}

function planFiles(
  job: FolderJob,
  sizes: ReadonlyMap<string, number>,
  links: ReadonlyMap<string, Uint8Array>,
): { job: FolderJob; files: PlannedFile[] } {
  const entries = job.folder.entries.filter(isContent);
  checkTreePaths(
    entries.map(({ path }) => path),
    job.check.origin,
  );
  const objects = new Map(entries.map(({ path, object }) => [path, object]));
  const files = resolveLinks(
    entries.map((entry) => toTreeEntry(entry, links)),
    job.check,
  ).map(({ path, from }: ResolvedFile): PlannedFile => ({ path, object: objects.get(from) ?? missingObject(from) }));
  checkTreeSize(
    files.reduce((total, { object }) => total + (sizes.get(object) ?? 0), 0),
    job.check,
  );
  return { job, files };
}

function toTreeEntry({ path, kind, object }: ListedEntry, links: ReadonlyMap<string, Uint8Array>): TreeEntry {
  if (kind !== "link") return { path, kind: "file" };
  return { path, kind, target: Buffer.from(links.get(object) ?? missingObject(object)).toString("utf8") };
}

function isContent({ kind }: ListedEntry): boolean {
  return kind !== "submodule";
}

function objectsOf(jobs: readonly BatchItem<FolderJob>[], include: (entry: ListedEntry) => boolean): Set<string> {
  return new Set(jobs.flatMap(({ value }) => value.folder.entries.filter(include).map(({ object }) => object)));
}

function pick(sizes: ReadonlyMap<string, number>, objects: ReadonlySet<string>): Map<string, number> {
  return new Map([...objects].map((object) => [object, sizes.get(object) ?? missingObject(object)]));
}

function missingObject(object: string): never {
  throw new Error(`git has no object ${object}`);
}
