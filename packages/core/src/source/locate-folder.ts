/** Folders of this machine: the one that a path means. */
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { PocketError } from "../errors.ts";
import { nearestName } from "../nearest.ts";
import { isManifestName } from "./tree-path.ts";

/**
 * `path` when it is a folder; the folder around it when it is a manifest or a component.
 * @throws PocketError ERR_POCKET_PATH_NOT_FOUND when it is neither; the hint names what is near.
 */
export async function locateFolder(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) return path;
  if (found !== undefined && isManifestName(basename(path))) return dirname(path);
  if (found !== undefined) {
    throw new PocketError("ERR_POCKET_PATH_NOT_FOUND", `${path} is a file, not the folder of a tool`, {
      hint: `name the folder: ${dirname(path)}`,
      details: { path },
    });
  }
  const near = nearestName(basename(path), await readdir(dirname(path)).catch(() => []));
  throw new PocketError("ERR_POCKET_PATH_NOT_FOUND", `the folder ${path} does not exist`, {
    hint: near === undefined ? "check the path; a URL begins with https://" : `use ${join(dirname(path), near)}`,
    details: { path },
  });
}
