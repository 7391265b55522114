/** Changes single entries of the project's lock; whatever else it holds, or another process adds meanwhile, stays. */
import { resolve } from "node:path";
import { DEFAULT_LOCKFILE, fromLocal, type LockEntry, type ModuleDescription, updateLockfile } from "@toolpocket/core";
import { syncLock } from "../../lock.ts";
import type { Session } from "../command.ts";

export function lockPath(cwd: string): string {
  return resolve(cwd, DEFAULT_LOCKFILE);
}

/** Puts the entry in, in the place of one with its name. */
export async function lockEntry(cwd: string, entry: LockEntry): Promise<void> {
  await updateLockfile(lockPath(cwd), (lock) => ({
    ...lock,
    tools: [...lock.tools.filter(({ name }) => name !== entry.name), entry].toSorted((a, b) =>
      a.name < b.name ? -1 : 1,
    ),
  }));
}

/** Takes the entry out; one that is not there is no error. */
export async function unlockTool(cwd: string, name: string): Promise<void> {
  await updateLockfile(lockPath(cwd), (lock) => ({
    ...lock,
    tools: lock.tools.filter((entry) => entry.name !== name),
  }));
}

/** Puts an entry for the local tool at `path` in, in the place of one with its name. */
export async function lockLocalTool(
  path: string,
  described: ModuleDescription & { readonly name: string },
  { cwd, onProgress, signal }: Session,
): Promise<void> {
  await syncLock({ cwd, onProgress, signal, frozen: false, prune: false, tools: [fromLocal(path, described)] });
}
