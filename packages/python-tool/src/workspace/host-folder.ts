/** Reads the user's folder, and makes changes in it: links are never followed, and nothing outside of it is touched. */
import { createHash, randomUUID } from "node:crypto";
import { lstat, mkdir, readdir, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PocketError } from "@toolpocket/core";
import type { IncludedPaths } from "./included-paths.ts";

export interface FolderLimits {
  readonly maxBytes: number;
  readonly maxFiles: number;
}

/** @throws PocketError ERR_POCKET_STORAGE_FOLDER where it cannot be read, or holds more than the limits */
export async function readHostFolder(
  folder: string,
  included: IncludedPaths,
  limits: FolderLimits,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  let bytes = 0;
  const walk = async (path: string): Promise<void> => {
    const entries = await readdir(join(folder, path), { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const inner = path === "" ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory() && included.mayHold(inner)) await walk(inner);
      if (!entry.isFile() || !included.hasFile(inner)) continue;
      bytes += (await lstat(join(folder, inner))).size;
      if (files.size >= limits.maxFiles) throw tooMuch(folder, `${limits.maxFiles} files`);
      if (bytes > limits.maxBytes) throw tooMuch(folder, `${limits.maxBytes} bytes`);
      files.set(inner, await readFile(join(folder, inner)));
    }
  };
  try {
    await walk("");
  } catch (error) {
    if (error instanceof PocketError) throw error;
    throw new PocketError("ERR_POCKET_STORAGE_FOLDER", `the workspace ${folder} cannot be read`, {
      hint: "name a folder that exists and that you may read",
      details: { folder },
      cause: error,
    });
  }
  return files;
}

/**
 * Writes a file as a whole, or not at all; removes it where `content` is undefined. Gives why it was not done.
 * @param expected digest of what is there now; undefined where nothing is
 */
export async function changeHostFile(
  root: string,
  path: string,
  { content, expected }: { content: Uint8Array | undefined; expected: string | undefined },
): Promise<string | undefined> {
  const target = join(root, path);
  try {
    const problem = await findObstacle(root, path);
    if (problem !== undefined) return problem;
    if ((await digestOfFile(target)) !== expected) return "it was changed meanwhile by somebody else";
    if (content === undefined) {
      await rm(target, { force: true });
      return undefined;
    }
    await mkdir(dirname(target), { recursive: true });
    const fresh = join(dirname(target), `.toolpocket-${randomUUID()}`);
    try {
      await writeFile(fresh, content, { flag: "wx" });
      await rename(fresh, target);
    } finally {
      await rm(fresh, { force: true });
    }
    return undefined;
  } catch (error) {
    return `it could not be changed: ${error instanceof Error && "code" in error ? String(error.code) : "unknown"}`;
  }
}

export function digestOfContent(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** @throws PocketError ERR_POCKET_STORAGE_FOLDER */
export async function locateHostFolder(folder: string): Promise<string> {
  try {
    const root = await realpath(folder);
    if ((await lstat(root)).isDirectory()) return root;
  } catch {
    // Told below.
  }
  throw new PocketError("ERR_POCKET_STORAGE_FOLDER", `the workspace ${folder} is no folder`, {
    hint: "name a folder that exists",
    details: { folder },
  });
}

/** A link on the way would lead elsewhere. */
async function findObstacle(root: string, path: string): Promise<string | undefined> {
  const segments = path.split("/");
  for (let length = 1; length <= segments.length; length += 1) {
    const found = await lstat(join(root, ...segments.slice(0, length))).catch(() => undefined);
    if (found === undefined) return undefined;
    if (found.isSymbolicLink()) return "there is a link on its way";
    if (length < segments.length ? !found.isDirectory() : !found.isFile()) return "something else has its name";
  }
  return undefined;
}

async function digestOfFile(path: string): Promise<string | undefined> {
  return readFile(path).then(digestOfContent, () => undefined);
}

function tooMuch(folder: string, limit: string): PocketError {
  return new PocketError("ERR_POCKET_STORAGE_FOLDER", `the workspace ${folder} holds more than ${limit}`, {
    hint: "name the files that are needed in `include`, or a smaller folder",
    details: { folder },
  });
}
