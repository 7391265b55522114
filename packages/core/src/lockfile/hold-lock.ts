/** Holds the lock that keeps two processes from writing one file at the same time. */
import { setTimeout as sleep } from "node:timers/promises";
import { PocketError } from "../errors.ts";

/** How long to wait for another process, in milliseconds: longer than a dead one's lock counts as alive. */
const DEFAULT_LOCK_WAIT_MS = 30_000;
/** A holder that has not renewed its lock for so long is dead. */
const STALE_MS = 10_000;
const RENEW_MS = 2_000;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 250;

export interface HeldLock {
  /** @throws PocketError ERR_POCKET_LOCK_BUSY when the lock was lost meanwhile, for example while the machine slept. */
  assertHeld(): void;
}

/**
 * Runs `work` while this process holds the lock of `path` (a folder `<path>.lock` beside it), and releases it after.
 * @throws PocketError ERR_POCKET_LOCK_BUSY when another process holds it for longer than `waitMs`.
 */
export async function holdLock<T>(
  path: string,
  work: (held: HeldLock) => Promise<T>,
  { waitMs = DEFAULT_LOCK_WAIT_MS }: { waitMs?: number } = {},
): Promise<T> {
  let lost: Error | undefined;
  const release = await acquire(path, waitMs, (error) => (lost = error));
  try {
    return await work({
      assertHeld: () => {
        if (lost !== undefined) throw busy(path, `the lock of ${path} was lost to another process`, lost);
      },
    });
  } finally {
    await release().catch(ignoreLost);
  }
}

async function acquire(
  path: string,
  waitMs: number,
  onCompromised: (error: Error) => void,
): Promise<() => Promise<void>> {
  // Loaded here, because a lock is held only to write.
  const { default: lockfile } = await import("proper-lockfile");
  const deadline = performance.now() + waitMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await lockfile.lock(path, { realpath: false, stale: STALE_MS, update: RENEW_MS, onCompromised });
    } catch (error) {
      if (!hasCode(error, "ELOCKED")) throw error;
      if (performance.now() > deadline) {
        throw busy(path, `another process has held the lock of ${path} for more than ${waitMs / 1000} s`, error);
      }
    }
    await sleep(pause * (0.5 + Math.random() / 2));
  }
}

function busy(path: string, message: string, cause: unknown): PocketError {
  return new PocketError("ERR_POCKET_LOCK_BUSY", message, {
    hint: `try again; when no other Toolpocket is running, remove the folder ${path}.lock`,
    details: { file: path },
    cause,
  });
}

/** A lock that was lost is no longer ours to release; the work has been told by `assertHeld`. */
function ignoreLost(error: unknown): void {
  if (!hasCode(error, "ERELEASED") && !hasCode(error, "ENOTACQUIRED")) throw error;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
