/** One tree of the store as a folder on disk: written whole or not at all, verified byte for byte when read. */
import { readFileSync, readdirSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PocketError } from "../errors.ts";
import type { ToolFiles } from "../program.ts";
import { digestTree } from "./digest-tree.ts";
import { createScratchFolder, removeScratchFolder } from "./scratch-folder.ts";
import { errorCodeOf, toStoreError } from "./store-failure.ts";
import { checkTreePaths } from "./tree-rules.ts";

/** Files written at a time: enough to keep a disk busy, few enough for any limit of open files. */
const PARALLEL_WRITES = 16;

/**
 * The files of the tree at `folder`, or null when there is none.
 * Reads synchronously: fifty small trees take 5 ms so, and 20 to 40 ms through promises.
 * @throws PocketError ERR_POCKET_INTEGRITY when anything in it is not what `integrity` stands for.
 */
export function readTreeFolder(folder: string, integrity: string): ToolFiles | null {
  const files = new Map<string, Uint8Array>();
  try {
    readInto(files, folder, "");
  } catch (error) {
    if (error instanceof PocketError) throw error;
    if (errorCodeOf(error) === "ENOENT" && files.size === 0) return null;
    throw toStoreError("read", folder, error);
  }
  if (digestTree(files) !== integrity) throw integrityError(folder, "its content is not what was stored");
  return files;
}

function readInto(files: Map<string, Uint8Array>, folder: string, at: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) readInto(files, path, `${at}${entry.name}/`);
    // A copy: small buffers of Node share memory with others.
    else if (entry.isFile()) files.set(`${at}${entry.name}`, new Uint8Array(readFileSync(path)));
    else throw integrityError(path, "it is neither a file nor a folder");
  }
}

/**
 * Writes `files` as the tree at `folder`, which another process may be doing too. The files are read-only. A sound tree
 * that is there already stays, a damaged one is replaced. Nothing is flushed to the disk: what a power cut spoils is
 * found by the next read, and fetched again.
 * @throws PocketError ERR_POCKET_STORE when it cannot be written, ERR_POCKET_TREE_REFUSED for an unsafe path.
 */
export async function writeTreeFolder(
  home: string,
  folder: string,
  integrity: string,
  files: ToolFiles,
): Promise<void> {
  checkTreePaths(files.keys(), folder);
  if (isSound(folder, integrity)) return;
  const scratch = await createScratchFolder(home);
  try {
    const fresh = join(scratch, "tree");
    await writeFiles(fresh, files);
    await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
    await moveIntoPlace(fresh, folder, integrity, join(scratch, "damaged"));
  } catch (error) {
    throw error instanceof PocketError ? error : toStoreError("write", folder, error);
  } finally {
    await removeScratchFolder(scratch);
  }
}

/** Moves the tree at `folder` out of sight first, so that nobody sees it half removed. */
export async function removeTreeFolder(home: string, folder: string): Promise<void> {
  const scratch = await createScratchFolder(home);
  try {
    await rename(folder, join(scratch, "removed"));
  } catch (error) {
    if (errorCodeOf(error) !== "ENOENT") throw toStoreError("remove", folder, error);
  } finally {
    await removeScratchFolder(scratch);
  }
}

async function writeFiles(folder: string, files: ToolFiles): Promise<void> {
  const folders = new Set([...files.keys()].map((path) => dirname(join(folder, path))).concat(folder));
  for (const path of folders) await mkdir(path, { recursive: true, mode: 0o700 });
  const entries = files.entries();
  const write = async (): Promise<void> => {
    for (const [path, content] of entries) {
      await writeFile(join(folder, path), content, { mode: 0o444, flag: "wx" });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_WRITES }, write));
}

async function moveIntoPlace(fresh: string, folder: string, integrity: string, damaged: string): Promise<void> {
  try {
    await rename(fresh, folder);
  } catch (error) {
    // Something is there: another process was first, or the tree is damaged.
    if (isSound(folder, integrity)) return;
    if (!["ENOTEMPTY", "EEXIST", "EPERM"].includes(errorCodeOf(error) ?? "")) throw error;
    await rename(folder, damaged);
    await rename(fresh, folder);
  }
}

function isSound(folder: string, integrity: string): boolean {
  try {
    return readTreeFolder(folder, integrity) !== null;
  } catch {
    return false;
  }
}

function integrityError(path: string, problem: string): PocketError {
  return new PocketError("ERR_POCKET_INTEGRITY", `the stored tree ${path} was changed: ${problem}`, {
    hint: "run `pocket lock sync` to fetch it again",
    details: { path },
  });
}
