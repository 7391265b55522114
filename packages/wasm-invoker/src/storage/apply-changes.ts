/** Makes the changes of a run in its folders on the host: all of them, or none. */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fchmodSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  writeSync,
} from "node:fs";
import { dirname, posix } from "node:path";
import { holdLock } from "@toolpocket/core";
import { type AnchoredFolder, stampOf, withFolder } from "./anchored-folder.ts";
import { clearStaging, hasCode, isThere, type Journal, type JournalStep, parentOf, place } from "./folder-journal.ts";
import {
  recoverFolder,
  removeJournal,
  rollBack,
  type StagedPaths,
  stagedPaths,
  writeJournal,
} from "./folder-journal.ts";
import type { ChangeStep } from "./plan-changes.ts";
import { STAGING_PREFIX } from "./storage-paths.ts";

export interface ChangedFolder {
  readonly root: AnchoredFolder;
  /** See `lockPath`. */
  readonly lock: string;
  readonly steps: readonly ChangeStep[];
}

/** What stands on the host is not what the run has seen. */
export class StorageConflict extends Error {
  override readonly name = "StorageConflict";
  readonly path: string;
  constructor(path: string, cause?: unknown) {
    super(`${path} has changed on the host`, { cause });
    this.path = path;
  }
}

const CREATE_FILE = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW;
const PERMISSION_BITS = 0o777;

/**
 * Takes the steps with the locks of all folders held. Whatever fails on the way, all folders are as before.
 * @throws StorageConflict; the file system's own error; the signal's reason where it fires before the last step.
 */
export async function applyChanges(folders: readonly ChangedFolder[], signal?: AbortSignal): Promise<void> {
  // One order for everybody, so that no two calls wait for each other.
  const ordered = folders.toSorted((one, other) => (one.lock < other.lock ? -1 : 1));
  await withLocks(
    ordered.map(({ lock }) => lock),
    async () => applyLocked(ordered, signal),
  );
}

/** Holds one lock after the other, then does `work`. */
export async function withLocks<Result>(
  [first, ...rest]: readonly string[],
  work: () => Promise<Result>,
): Promise<Result> {
  if (first === undefined) return work();
  mkdirSync(dirname(first), { recursive: true, mode: 0o700 });
  return holdLock(first, () => withLocks(rest, work));
}

function applyLocked(folders: readonly ChangedFolder[], signal: AbortSignal | undefined): void {
  const begun: { folder: ChangedFolder; journal: Journal }[] = [];
  try {
    for (const folder of folders) {
      recoverFolder(folder.root, folder.lock);
      const journal = { staging: `${STAGING_PREFIX}${randomBytes(6).toString("hex")}`, steps: toJournalSteps(folder) };
      begun.push({ folder, journal });
      writeJournal(folder.lock, journal);
      stage(folder, journal.staging);
    }
    signal?.throwIfAborted();
    for (const { folder, journal } of begun) takeSteps(folder, journal.staging);
  } catch (error) {
    for (const { folder, journal } of begun.toReversed()) {
      rollBack(folder.root, journal);
      removeJournal(folder.lock);
    }
    throw error;
  }
  for (const { folder } of begun) removeJournal(folder.lock);
  for (const { folder, journal } of begun) clearStaging(folder.root, journal.staging);
}

function toJournalSteps({ root, steps }: ChangedFolder): JournalStep[] {
  return steps.map(({ kind, path }) =>
    kind === "remove-folder" ? { kind, path, mode: modeOf(root, path) } : { kind, path },
  );
}

function stage({ root, steps }: ChangedFolder, staging: string): void {
  mkdirSync(root.at(staging), { mode: 0o700 });
  const folder = root.enter(staging);
  try {
    for (const [index, step] of steps.entries()) {
      const { fresh } = stagedPaths(folder, index);
      if (step.kind === "make-folder") mkdirSync(fresh);
      // A file keeps the rights it has; a new one gets the user's usual ones, and is never executable.
      else if (step.kind === "write") writeFile(fresh, step.content, step.found && modeOf(root, step.path));
    }
  } finally {
    folder.close();
  }
}

function writeFile(path: string, content: Uint8Array, mode: number | undefined): void {
  const file = openSync(path, CREATE_FILE, 0o666);
  try {
    for (let offset = 0; offset < content.length;) offset += writeSync(file, content, offset);
    if (mode !== undefined) fchmodSync(file, mode);
  } finally {
    closeSync(file);
  }
}

function modeOf(root: AnchoredFolder, path: string): number {
  return asConflict(path, () =>
    withFolder(root, parentOf(path), (parent) => lstatSync(parent.at(posix.basename(path))).mode & PERMISSION_BITS),
  );
}

function takeSteps({ root, steps }: ChangedFolder, staging: string): void {
  const held = root.enter(staging);
  try {
    for (const [index, step] of steps.entries()) {
      asConflict(step.path, () =>
        withFolder(root, parentOf(step.path), (parent) =>
          takeStep(step, { target: parent.at(posix.basename(step.path)), ...stagedPaths(held, index) }),
        ),
      );
    }
  } finally {
    held.close();
  }
}

function takeStep(step: ChangeStep, { target, fresh, old }: StagedPaths & { target: string }): void {
  if (step.kind === "remove-folder") return rmdirSync(target);
  if (step.kind === "make-folder") {
    if (isThere(target)) throw new StorageConflict(step.path);
    return renameSync(fresh, target);
  }
  if (step.found) {
    if (stampOf(target).full !== step.found.full) throw new StorageConflict(step.path);
    renameSync(target, old);
    // Looked at again where nobody else can reach it: it may have changed between the two.
    if (stampOf(old).moved !== step.found.moved) throw new StorageConflict(step.path);
  }
  if (step.kind === "write") place(fresh, target);
}

/** What these mean in a folder that was as the run has seen it: it no longer is. */
function asConflict<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (hasCode(error, "ENOENT", "EEXIST", "ENOTDIR", "ELOOP", "ENOTEMPTY")) throw new StorageConflict(path, error);
    throw error;
  }
}
