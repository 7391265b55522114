/** Keeps two set-ups of one checkout from working at the same time. */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { showNote } from "./progress.mjs";
import { StageError } from "./stage-error.mjs";
import { TOOLCHAIN } from "./workspace.mjs";

const LOCK = join(TOOLCHAIN, "set-up.lock");
const POLL_MS = 200;
/** No set-up takes longer; an older lock was left behind, and its process id may belong to another program by now. */
const STALE_AFTER_MS = 30 * 60_000;

/**
 * Runs `work` while no other process of this checkout does; waits for its turn.
 * @template T
 * @param {() => Promise<T>} work
 * @param {string} [lock] path of the file that says who works
 * @returns {Promise<T>}
 */
export async function withSetUpLock(work, lock = LOCK) {
  for (let waited = false; !tryLock(lock); waited = true) {
    const owner = readOwner(lock);
    if (owner === undefined) continue;
    if (!isAlive(owner.pid) || owner.ageMs > STALE_AFTER_MS) {
      rmSync(lock, { force: true });
      continue;
    }
    if (!waited) showNote("waiting", `for the set-up of this checkout that process ${owner.pid} does`);
    await sleep(POLL_MS);
  }
  const unlock = () => rmSync(lock, { force: true });
  process.on("exit", unlock);
  try {
    return await work();
  } finally {
    process.off("exit", unlock);
    unlock();
  }
}

/** @param {string} lock */
function tryLock(lock) {
  try {
    mkdirSync(dirname(lock), { recursive: true });
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === "EEXIST") return false;
    if (code !== "EACCES" && code !== "EROFS") throw error;
    throw new StageError(`${dirname(lock)} cannot be written`, {
      advice: "Work as the owner of this checkout, or clone the repository into a folder of your own.",
      cause: error,
    });
  }
}

/**
 * The process that holds the lock; undefined when it has just let go.
 * @param {string} lock
 */
function readOwner(lock) {
  try {
    return { pid: Number(readFileSync(lock, "utf8")), ageMs: Date.now() - statSync(lock).mtimeMs };
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** @param {number} pid 0 while the lock is being written */
function isAlive(pid) {
  if (pid === 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

/** @param {unknown} error */
function errorCode(error) {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
