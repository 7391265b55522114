/** What a failed file operation in the store means to the user. */
import { PocketError } from "../errors.ts";

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: "free space on that disk, or set POCKET_HOME to a folder on another one",
  EDQUOT: "free space in your quota, or set POCKET_HOME to a folder on another disk",
  EACCES: "make the folder writable for you, or set POCKET_HOME to one that is",
  EPERM: "make the folder writable for you, or set POCKET_HOME to one that is",
  EROFS: "set POCKET_HOME to a folder on a disk that can be written",
  ENOTDIR: "set POCKET_HOME to a folder, not to a file",
  EEXIST: "set POCKET_HOME to a folder, not to a file",
};

/** `cause` as a `PocketError` ERR_POCKET_STORE that says what was being done, and where. */
export function toStoreError(action: string, path: string, cause: unknown): PocketError {
  const code = errorCodeOf(cause);
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PocketError("ERR_POCKET_STORE", `cannot ${action} ${path}: ${reason}`, {
    hint: HINTS[code ?? ""] ?? "check the disk, or set POCKET_HOME to another folder",
    details: { path, ...(code !== undefined && { errno: code }) },
    cause,
  });
}

/** The code of a system error, such as "ENOENT"; undefined for anything else. */
export function errorCodeOf(error: unknown): string | undefined {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return undefined;
}
