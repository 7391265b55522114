/** Places of this machine: the tool's folder, or the lone module, that a path means. */
import { open, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isComponent } from "@toolpocket/wit";
import { PocketError } from "../errors.ts";
import { nearestName } from "../nearest.ts";
import { isManifestName, MANIFEST_NAMES } from "./tree-path.ts";

/** What tells a component from a module. */
const PREAMBLE_BYTES = 8;

/**
 * `path` when it is a folder, or the file of a WebAssembly module; the folder around it when it is a manifest or a
 * component, which is read with what lies beside it. A component among others, with no manifest that tells which is meant,
 * stands alone.
 * @throws PocketError ERR_POCKET_PATH_NOT_FOUND when it is none of them; the hint names what is near.
 */
export async function locatePlace(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true || (found?.isFile() === true && (await standsAlone(path)))) return path;
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

async function standsAlone(path: string): Promise<boolean> {
  if (!path.endsWith(".wasm")) return false;
  if (!(await isComponentFile(path))) return true;
  const beside = await readdir(dirname(path));
  return (
    beside.filter((name) => name.endsWith(".wasm")).length > 1 && !MANIFEST_NAMES.some((name) => beside.includes(name))
  );
}

async function isComponentFile(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read({ buffer: new Uint8Array(PREAMBLE_BYTES) });
    return isComponent(buffer);
  } finally {
    await file.close();
  }
}
