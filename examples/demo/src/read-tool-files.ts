/** Reads the folders of tools as the files of a commit. */
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The content of every file of the tools below `folder`, by the path that it gets below `prefix`. */
export async function readToolFiles(folder: string, prefix = ""): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for await (const manifest of glob("*/config.toml", { cwd: folder })) {
    const tool = manifest.slice(0, -"/config.toml".length);
    for await (const entry of glob(`${tool}/**/*.*`, { cwd: folder, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      files[`${prefix}${path.slice(folder.length + 1)}`] = await readFile(path);
    }
  }
  return files;
}
