/** Scratch folders of the store: private to one piece of work, removed at its end, swept when their process was killed. */
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { toStoreError } from "./store-failure.ts";

/** Older than any work that is still going on: the longest is a fetch, and that has a time limit of minutes. */
const ABANDONED_AFTER_MS = 3_600_000;

/**
 * A new empty folder on the store's own disk, so that what is made there can be renamed into its place.
 * @throws PocketError ERR_POCKET_STORE when it cannot be created.
 */
export async function createScratchFolder(home: string): Promise<string> {
  const scratch = join(home, "tmp");
  try {
    await mkdir(scratch, { recursive: true, mode: 0o700 });
    return await mkdtemp(join(scratch, "work-"));
  } catch (error) {
    throw toStoreError("create a folder in", scratch, error);
  }
}

export async function removeScratchFolder(folder: string): Promise<void> {
  // What cannot be removed now is swept later: it must not hide the outcome of the work.
  await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}

/** Removes the folders that killed processes left. Never fails: another process may be doing the same. */
export async function sweepScratchFolders(home: string, now = Date.now()): Promise<void> {
  const scratch = join(home, "tmp");
  const names = await readdir(scratch).catch(() => []);
  for (const name of names) {
    const made = await stat(join(scratch, name)).catch(() => undefined);
    if (made !== undefined && now - made.mtimeMs > ABANDONED_AFTER_MS) await removeScratchFolder(join(scratch, name));
  }
}
