/** The lockfile on disk: read it, and change it while other processes do the same. */
import { readFileSync } from "node:fs";
import { lstat } from "node:fs/promises";
import { dirname } from "node:path";
import { isPocketError, PocketError } from "../errors.ts";
import { formatLockfile } from "./format-lockfile.ts";
import { holdLock } from "./hold-lock.ts";
import { EMPTY_LOCKFILE, type Lockfile } from "./lock-entry.ts";
import { parseLockfile } from "./parse-lockfile.ts";
import { replaceFile } from "./replace-file.ts";

/**
 * The lockfile at `path`; a missing one is empty.
 * @throws PocketError ERR_POCKET_LOCK_INVALID or ERR_POCKET_LOCK_VERSION, see `parseLockfile`.
 */
export async function readLockfile(path: string): Promise<Lockfile> {
  const text = readText(path);
  return text === undefined ? EMPTY_LOCKFILE : parseLockfile(text, path);
}

/** Whether the file at `path` is, byte for byte, what `lockfile` is written as. */
export async function isWritten(path: string, lockfile: Lockfile): Promise<boolean> {
  return readText(path) === formatLockfile(lockfile);
}

/**
 * Reads the lockfile under a lock that other processes respect, and writes what `change` makes of it, if that differs.
 * `change` sees what others wrote meanwhile; an error of it leaves the file as it is. Returns what the file now holds.
 * @throws PocketError ERR_POCKET_LOCK_BUSY when another process does not let go of the lock.
 * @throws PocketError ERR_POCKET_LOCK_WRITE when the file cannot be written; the old one is then intact.
 */
export async function updateLockfile(
  path: string,
  change: (current: Lockfile) => Lockfile | Promise<Lockfile>,
): Promise<Lockfile> {
  try {
    await refuseLink(path);
    return await holdLock(path, async (held) => {
      const before = readText(path);
      const next = await change(before === undefined ? EMPTY_LOCKFILE : parseLockfile(before, path));
      const text = formatLockfile(next);
      if (text !== before) await replaceFile(path, text, { beforeRename: held.assertHeld });
      return next;
    });
  } catch (error) {
    throw isFileSystemError(error) ? writeFault(path, error) : error;
  }
}

/** Synchronous, as the files of the settings: through promises the few small files of a project take milliseconds. */
function readText(path: string): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch (cause) {
    if (isFileSystemError(cause) && cause.code === "ENOENT") return undefined;
    const reason = isFileSystemError(cause) ? `cannot be read (${cause.code})` : "is not UTF-8 text";
    throw new PocketError("ERR_POCKET_LOCK_INVALID", `${path} ${reason}`, {
      hint: "restore the file from version control, or delete it and run `pocket lock sync`",
      details: { file: path },
      cause,
    });
  }
}

/** A rename would put a file in the link's place, and what it points at would be left behind. */
async function refuseLink(path: string): Promise<void> {
  const found = await lstat(path).catch((error: unknown) => {
    if (isFileSystemError(error) && error.code === "ENOENT") return undefined;
    throw error;
  });
  if (found?.isSymbolicLink() !== true) return;
  throw new PocketError(
    "ERR_POCKET_LOCK_WRITE",
    `${path} is a symbolic link, and a lockfile is only written in place`,
    {
      hint: "replace the link by the file itself, or name the real path as `lockfile`",
      details: { file: path },
    },
  );
}

const WRITE_HINTS: Record<string, string> = {
  EACCES: "give this user the right to write in the folder, or set `frozen` to use the lock as it is",
  EPERM: "give this user the right to write in the folder, or set `frozen` to use the lock as it is",
  EROFS: "mount the folder writable, or set `frozen` to use the lock as it is",
  ENOSPC: "free space on the disk, then run the command again",
  EDQUOT: "free space in your quota, then run the command again",
  ENOENT: "create the folder first",
};

function writeFault(path: string, cause: FileSystemError): PocketError {
  const reason = cause.code === "ENOENT" ? `the folder ${dirname(path)} does not exist` : cause.code;
  return new PocketError("ERR_POCKET_LOCK_WRITE", `${path} cannot be written: ${reason}`, {
    hint: WRITE_HINTS[cause.code] ?? "check the folder and the disk; the old lockfile is intact",
    details: { file: path, reason: cause.code },
    cause,
  });
}

type FileSystemError = Error & { readonly code: string };

function isFileSystemError(error: unknown): error is FileSystemError {
  return error instanceof Error && !isPocketError(error) && "syscall" in error && "code" in error;
}
