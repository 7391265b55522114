/** Things that can be made again, kept in one checked file each: a snapshot, an index. */
import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createScratchFolder, removeScratchFolder } from "./scratch-folder.ts";
import { errorCodeOf, toStoreError } from "./store-failure.ts";

/** The SHA-256 of the content stands behind it, so that the content itself starts at an aligned offset. */
const DIGEST_BYTES = 32;

/**
 * The content that was written, or null when there is none or when it is damaged: then it is removed, to be made again.
 * The check finds accidents, not forgery: who can write the file can write its digest.
 * @throws PocketError ERR_POCKET_STORE when the file cannot be read.
 */
export async function readBlobFile(path: string): Promise<Uint8Array | null> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(errorCodeOf(error) ?? "")) return null;
    throw toStoreError("read", path, error);
  }
  const content = bytes.subarray(0, Math.max(bytes.length - DIGEST_BYTES, 0));
  if (bytes.length >= DIGEST_BYTES && sha256(content).equals(bytes.subarray(-DIGEST_BYTES))) {
    // Its time tells when it was last of use, see sweepBlobFiles(); who may only read the store cannot set it.
    const now = new Date();
    await utimes(path, now, now).catch(() => undefined);
    return content;
  }
  await rm(path, { force: true }).catch(() => undefined);
  return null;
}

/**
 * Writes `content` so that a reader sees the old file or the new one. Not flushed to the disk: what a power cut spoils,
 * the next read finds and removes.
 * @throws PocketError ERR_POCKET_STORE when it cannot be written.
 */
export async function writeBlobFile(home: string, path: string, content: Uint8Array): Promise<void> {
  const scratch = await createScratchFolder(home);
  try {
    const fresh = join(scratch, "blob");
    const file = await open(fresh, "wx", 0o444);
    try {
      // Not writev: on a full disk it writes less, and does not fail.
      await file.writeFile(content);
      await file.writeFile(sha256(content));
    } finally {
      await file.close();
    }
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await rename(fresh, path);
  } catch (error) {
    throw toStoreError("write", path, error);
  } finally {
    await removeScratchFolder(scratch);
  }
}

/** Removes the files whose name begins with `prefix` and that nobody has read or written for so long. Never fails. */
export async function sweepBlobFiles(folder: string, prefix: string, unusedForMs: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((other) => other.startsWith(prefix))) {
    const path = join(folder, name);
    const file = await stat(path).catch(() => undefined);
    if (file !== undefined && Date.now() - file.mtimeMs > unusedForMs)
      await rm(path, { force: true }).catch(() => undefined);
  }
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
