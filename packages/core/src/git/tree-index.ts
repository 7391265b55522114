/** The tree index: which tree of the store is the folder of a commit, so that what was fetched once is not fetched again. */
import { createHash } from "node:crypto";
import { isPocketError } from "../errors.ts";
import { isJsonObject } from "../json.ts";
import type { ToolFiles } from "../program.ts";
import type { GitResolution } from "../source/source.ts";
import { isTreeDigest } from "../store/digest-tree.ts";
import type { Store } from "../store/store.ts";
import type { FetchedTree } from "./fetched-tree.ts";

/** The tree of `resolution` where the store has it, sound; null otherwise. */
export async function readIndexedTree(store: Store, resolution: GitResolution): Promise<FetchedTree | null> {
  const record = await store.readBlob(indexKey(resolution));
  const entry = record === null ? null : parseRecord(record);
  if (entry === null) return null;
  const files = await readSoundTree(store, entry.integrity);
  return files === null ? null : { resolution, files, ...entry };
}

export async function writeIndexedTree(store: Store, tree: FetchedTree): Promise<void> {
  const record = JSON.stringify({ integrity: tree.integrity, submodules: tree.submodules });
  await store.writeBlob(indexKey(tree.resolution), Buffer.from(record));
}

/** Whether something of the repository at `url` was fetched on this machine before. */
export async function isKnownRepository(store: Store, url: string): Promise<boolean> {
  return (await store.readBlob(repositoryKey(url))) !== null;
}

export async function noteRepository(store: Store, url: string): Promise<void> {
  await store.writeBlob(repositoryKey(url), new Uint8Array(0));
}

function repositoryKey(url: string): string {
  return `repository-${createHash("sha256").update(url).digest("hex")}`;
}

/** A commit's sha stands for its content wherever it is fetched from: the URL is no part of the key. */
function indexKey({ commit, path }: GitResolution): string {
  return `tree-${commit}-${createHash("sha256").update(path).digest("hex")}`;
}

function parseRecord(record: Uint8Array): Pick<FetchedTree, "integrity" | "submodules"> | null {
  const value: unknown = JSON.parse(Buffer.from(record).toString("utf8"));
  if (!isJsonObject(value) || typeof value["integrity"] !== "string" || !isTreeDigest(value["integrity"])) return null;
  const submodules = Array.isArray(value["submodules"]) ? value["submodules"].map(String) : [];
  return { integrity: value["integrity"], submodules };
}

/** A damaged tree is as good as none: it is fetched again. */
async function readSoundTree(store: Store, integrity: string): Promise<ToolFiles | null> {
  try {
    return await store.readTree(integrity);
  } catch (error) {
    if (isPocketError(error) && error.code === "ERR_POCKET_INTEGRITY") return null;
    throw error;
  }
}
