/** Replaces a file's content so that a crash at any moment leaves the old content or the new, never half of one. */
import { randomBytes } from "node:crypto";
import { open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A temporary file that is older was left by a process that died. */
const LEFTOVER_MS = 60_000;

export interface ReplaceFileOptions {
  /** Called when the new content is safe on disk and nothing has changed yet; an error ends it there. */
  beforeRename?: () => void;
}

/** Writes `text` beside `path`, flushes it to disk, and renames it over `path`. Errors are the file system's own. */
export async function replaceFile(path: string, text: string, options: ReplaceFileOptions = {}): Promise<void> {
  await removeLeftovers(path);
  const temporary = join(dirname(path), `${temporaryPrefix(path)}${randomBytes(6).toString("hex")}`);
  try {
    await writeFlushed(temporary, text, await readMode(path));
    options.beforeRename?.();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await flushFolder(dirname(path));
}

function temporaryPrefix(path: string): string {
  return `.${basename(path)}.tmp-`;
}

async function removeLeftovers(path: string): Promise<void> {
  const folder = dirname(path);
  const names = (await readdir(folder)).filter((name) => name.startsWith(temporaryPrefix(path)));
  for (const file of names.map((name) => join(folder, name))) {
    const age = Date.now() - ((await stat(file).catch(whenMissing))?.mtimeMs ?? Date.now());
    if (age > LEFTOVER_MS) await rm(file, { force: true });
  }
}

/** The mode of the file that is replaced; undefined leaves it to the umask. */
async function readMode(path: string): Promise<number | undefined> {
  return (await stat(path).catch(whenMissing))?.mode;
}

async function writeFlushed(path: string, text: string, mode: number | undefined): Promise<void> {
  const file = await open(path, "wx");
  try {
    if (mode !== undefined) await file.chmod(mode & 0o777);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the rename itself last; Windows cannot flush a folder and needs not. */
async function flushFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function whenMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
