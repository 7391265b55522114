/** settings.toml as text: read, and replaced as a whole, so that a failure never leaves half of a change. */
import { readFile, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { DEFAULT_SETTINGS, holdLock, isPocketError, PocketError } from "@toolpocket/core";
import writeFileAtomic from "write-file-atomic";

export function settingsPath(cwd: string): string {
  return resolve(cwd, DEFAULT_SETTINGS);
}

/** The text; undefined when there is no such file. Errors are the file system's own: `readSettings` tells them better. */
export async function readSettingsText(cwd: string): Promise<string | undefined> {
  try {
    return await readFile(settingsPath(cwd), "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** @throws PocketError ERR_POCKET_SETTINGS_WRITE; the old text is then intact */
export async function writeSettingsText(cwd: string, text: string): Promise<void> {
  const path = settingsPath(cwd);
  try {
    await writeFileAtomic(path, text);
  } catch (cause) {
    throw settingsWriteError(path, cause);
  }
}

export function settingsWriteError(path: string, cause: unknown): PocketError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PocketError("ERR_POCKET_SETTINGS_WRITE", `${path} cannot be written: ${reason}`, {
    hint: "make the folder and the file writable for you, and see that the disk has space",
    details: { file: path },
    cause,
  });
}

/**
 * Does `work`, which reads settings.toml and writes it anew, while no other `pocket` does: none undoes what another wrote.
 * @throws PocketError ERR_POCKET_SETTINGS_WRITE where the folder is not writable, ERR_POCKET_LOCK_BUSY
 */
export async function holdSettings<Result>(cwd: string, work: () => Promise<Result>): Promise<Result> {
  const path = settingsPath(cwd);
  let hasBegun = false;
  try {
    return await holdLock(path, () => {
      hasBegun = true;
      return work();
    });
  } catch (error) {
    if (hasBegun || isPocketError(error)) throw error;
    throw settingsWriteError(path, error);
  }
}

/**
 * Writes `text`, then does `work`; when that fails, what stood there before is put back.
 * @param before undefined where there is no file
 * @param text undefined, or equal to `before`, where nothing is to be written
 */
export async function withSettings<Result>(
  cwd: string,
  { before, text }: { before: string | undefined; text: string | undefined },
  work: () => Promise<Result>,
): Promise<Result> {
  if (text !== undefined && text !== before) await writeSettingsText(cwd, text);
  try {
    return await work();
  } catch (error) {
    if (text !== undefined && text !== before && (await readSettingsText(cwd)) === text)
      await restoreSettings(cwd, before);
    throw error;
  }
}

async function restoreSettings(cwd: string, before: string | undefined): Promise<void> {
  if (before === undefined) await rm(settingsPath(cwd), { force: true });
  else await writeSettingsText(cwd, before);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
