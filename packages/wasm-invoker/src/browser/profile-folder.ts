/** The browser's profile: a fresh folder for each start, removed at the end, and after a killed host by the next one. */
import { rmSync } from "node:fs";
import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserUser } from "./browser-user.ts";

const PREFIX = "pocket-browser-";

export interface ProfileFolder {
  readonly path: string;
  remove(): Promise<void>;
  /** As well as it can be done at once, for a process that exits. */
  removeNow(): void;
}

export async function createProfileFolder(user: BrowserUser | undefined): Promise<ProfileFolder> {
  // Root's own temporary folder may be closed to the browser's user; /tmp is open to all.
  const parent = user ? "/tmp" : tmpdir();
  await removeAbandoned(parent);
  const path = await mkdtemp(join(parent, `${PREFIX}${process.pid}-`));
  if (user) await chown(path, user.uid, user.gid);
  const removal = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 };
  return { path, remove: () => rm(path, removal), removeNow: () => rmSync(path, removal) };
}

/** Removes the profiles of hosts that are no longer there. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const owner = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN;
    if (Number.isNaN(owner) || isAlive(owner)) continue;
    // Another user's folder is not ours to remove: that fails, and does no harm.
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
