/**
 * The journal of changes that are being made in a folder, and the way back from any point of them.
 *
 * New content is made ready in a staging folder (`n0`, `n1`, …), what it replaces is moved there (`o0`, `o1`, …). So the
 * staging folder alone tells how far the steps have come, and a process that died in the middle is rolled back by the next.
 * The journal stands outside of the folder: nothing that somebody puts into the folder is ever taken for one.
 */
import { createHash } from "node:crypto";
import { chmodSync, existsSync, linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { rmdirSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { storageHome } from "@toolpocket/core";
import { type AnchoredFolder, withFolder } from "./anchored-folder.ts";
import type { ChangeStep } from "./plan-changes.ts";

export type JournalStep = Pick<ChangeStep, "kind" | "path"> & { readonly mode?: number };

export interface Journal {
  /** Name of the staging folder. */
  readonly staging: string;
  readonly steps: readonly JournalStep[];
}

/** Path beside which the lock of a folder stands, and the beginning of its journal's name; `folder` has no links in it. */
export function lockPath(folder: string): string {
  return join(storageHome(), "locks", createHash("sha256").update(folder).digest("hex"));
}

export function hasJournal(lock: string): boolean {
  return existsSync(journalPath(lock));
}

export function writeJournal(lock: string, journal: Journal): void {
  writeFileSync(journalPath(lock), JSON.stringify(journal), { mode: 0o600 });
}

/** From here on the changes stand. */
export function removeJournal(lock: string): void {
  rmSync(journalPath(lock), { force: true });
}

/** Undoes what a process that died has left half done. Call it with the folder's lock held. */
export function recoverFolder(root: AnchoredFolder, lock: string): void {
  if (!hasJournal(lock)) return;
  const journal = JSON.parse(readFileSync(journalPath(lock), "utf8")) as Journal;
  rollBack(root, journal);
  removeJournal(lock);
}

/** Takes the steps back that were taken, last first. */
export function rollBack(root: AnchoredFolder, { staging, steps }: Journal): void {
  const held = ignoreMissing(() => root.enter(staging));
  if (held === undefined) return;
  try {
    for (const [index, step] of [...steps.entries()].toReversed()) {
      ignoreMissing(() =>
        withFolder(root, parentOf(step.path), (parent) =>
          undoStep(step, { target: parent.at(posix.basename(step.path)), ...stagedPaths(held, index) }),
        ),
      );
    }
  } finally {
    held.close();
  }
  clearStaging(root, staging);
}

export interface StagedPaths {
  /** Where the new content or folder is made ready. */
  readonly fresh: string;
  /** Where what is replaced or removed is kept. */
  readonly old: string;
}

export function stagedPaths(staging: AnchoredFolder, index: number): StagedPaths {
  return { fresh: staging.at(`n${index}`), old: staging.at(`o${index}`) };
}

function undoStep(step: JournalStep, { target, fresh, old }: StagedPaths & { target: string }): void {
  if (step.kind === "remove-folder") {
    if (isThere(target)) return;
    mkdirSync(target);
    if (step.mode !== undefined) chmodSync(target, step.mode);
  } else if (step.kind === "make-folder") {
    if (!isThere(fresh)) ignoreMissing(() => rmdirSync(target));
  } else {
    if (step.kind === "write" && isOurs(target, fresh)) unlinkSync(target);
    // What another program has put there meanwhile came last, and stays.
    if (isThere(old) && !isThere(target)) renameSync(old, target);
  }
}

/** Whether the new content stands at `target`: as another name of the staged file, or as the file itself. */
function isOurs(target: string, fresh: string): boolean {
  if (!isThere(target)) return false;
  return !isThere(fresh) || lstatSync(target, { bigint: true }).ino === lstatSync(fresh, { bigint: true }).ino;
}

/** Puts the staged `fresh` at `target`, where nothing may stand. @throws EEXIST */
export function place(fresh: string, target: string): void {
  try {
    linkSync(fresh, target);
  } catch (error) {
    if (!hasCode(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK")) throw error;
    // A file system without hard links.
    if (isThere(target)) throw Object.assign(new Error(`${target} is there`, { cause: error }), { code: "EEXIST" });
    renameSync(fresh, target);
  }
}

export function clearStaging(root: AnchoredFolder, staging: string): void {
  ignoreMissing(() => {
    const folder = root.enter(staging);
    try {
      for (const name of readdirSync(folder.here)) rmSync(folder.at(name), { recursive: true, force: true });
    } finally {
      folder.close();
    }
    rmdirSync(root.at(staging));
  });
}

export function parentOf(path: string): string {
  return path.includes("/") ? posix.dirname(path) : "";
}

export function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

function journalPath(lock: string): string {
  return `${lock}.json`;
}

/** What somebody else has taken away meanwhile needs no undoing. */
function ignoreMissing<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "ELOOP", "ENOTEMPTY")) return undefined;
    throw error;
  }
}
