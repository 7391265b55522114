/** Listings of a commit's tree: what is in the wanted folders, without the contents. */
import { PocketError } from "../errors.ts";
import { nearestName } from "../nearest.ts";
import { OutputLimitError } from "./git-session.ts";
import type { ScratchRepository } from "./scratch-repository.ts";
import { listToolFolders } from "./tool-folders.ts";

export interface ListedEntry {
  /** Relative to the listed folder. */
  readonly path: string;
  readonly kind: "file" | "link" | "submodule";
  readonly object: string;
}

export interface ListedFolder {
  readonly entries: readonly ListedEntry[];
}

/**
 * The folders at `paths` ("" for the root), in one command; null for a path that is no folder.
 * @throws OutputLimitError when a listing is endless, as that of a tree that contains itself many times over.
 */
export async function listFolders(
  repository: ScratchRepository,
  commit: string,
  paths: ReadonlySet<string>,
): Promise<ReadonlyMap<string, ListedFolder | null>> {
  const named = paths.has("") ? [] : ["--", ...paths];
  const listing = await listTree(repository, ["-r", "-t", "-z", "--full-tree", commit, ...named]);
  const records = parseListing(listing);
  const trees = new Set(["", ...records.filter(({ type }) => type === "tree").map(({ path }) => path)]);
  const folders = new Map<string, ListedFolder | null>();
  for (const path of paths) {
    folders.set(path, trees.has(path) ? { entries: entriesBelow(records, path) } : null);
  }
  return folders;
}

/** The folders of the commit that have a manifest; none when they are too many to list. */
export async function findToolFolders(repository: ScratchRepository, commit: string): Promise<string[]> {
  return listToolFolders(await listNames(repository, commit, ["-r"]));
}

/** The error of a folder that is not in the commit; its hint names the nearest that is. */
export async function folderNotFound(
  repository: ScratchRepository,
  place: { commit: string; ref: string; path: string },
): Promise<PocketError> {
  const folders = await listNames(repository, place.commit, ["-r", "-d"]);
  const name = lastSegment(place.path);
  const near = folders.find((folder) => lastSegment(folder) === name) ?? nearestName(place.path, folders);
  return new PocketError(
    "ERR_POCKET_PATH_NOT_FOUND",
    `there is no folder "${place.path}" in ${repository.url} at ${place.ref} (${place.commit.slice(0, 12)})`,
    {
      hint: near === undefined ? "check the path" : `use the folder "${near}"`,
      details: { url: repository.url, ...place },
    },
  );
}

async function listNames(repository: ScratchRepository, commit: string, options: readonly string[]): Promise<string[]> {
  try {
    const names = await listTree(repository, [...options, "-z", "--name-only", "--full-tree", commit]);
    return names.split("\0").filter((name) => name !== "");
  } catch (error) {
    if (error instanceof OutputLimitError) return [];
    throw error;
  }
}

async function listTree({ session, folder }: ScratchRepository, args: readonly string[]): Promise<string> {
  return session.command({ repository: folder }).raw(["ls-tree", ...args]);
}

interface ListedRecord {
  readonly mode: string;
  readonly type: string;
  readonly object: string;
  readonly path: string;
}

/** Reads `ls-tree -z`: "<mode> <type> <object>\t<path>", each ended by a NUL byte. */
function parseListing(listing: string): ListedRecord[] {
  const records: ListedRecord[] = [];
  for (const line of listing.split("\0")) {
    const tab = line.indexOf("\t");
    const [mode, type, object] = line.slice(0, tab).split(" ");
    if (tab === -1 || mode === undefined || type === undefined || object === undefined) continue;
    records.push({ mode, type, object, path: line.slice(tab + 1) });
  }
  return records;
}

function entriesBelow(records: readonly ListedRecord[], folder: string): ListedEntry[] {
  const prefix = folder === "" ? "" : `${folder}/`;
  return records
    .filter(({ path, type }) => type !== "tree" && path.startsWith(prefix))
    .map(({ mode, object, path }) => ({ path: path.slice(prefix.length), kind: kindOf(mode), object }));
}

function kindOf(mode: string): ListedEntry["kind"] {
  if (mode === "120000") return "link";
  return mode === "160000" ? "submodule" : "file";
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
