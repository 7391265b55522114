/** A local tool: its folder read as if it came out of a repository. */
import { readFile, readdir, readlink, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { PocketError } from "../errors.ts";
import type { ToolFiles } from "../program.ts";
import { locatePlace } from "../source/locate-place.ts";
import { errorCodeOf } from "./store-failure.ts";
import { resolveLinks, type ResolvedFile, type TreeEntry } from "./resolve-links.ts";
import {
  checkFileCount,
  checkTreePaths,
  checkTreeSize,
  refuseTree,
  resolveTreeLimits,
  type TreeCheck,
  type TreeLimits,
} from "./tree-rules.ts";

/** Never part of a tool, at any depth: what git keeps for itself, and what tools install or cache beside the code. */
const LEFT_OUT: ReadonlySet<string> = new Set([".git", "node_modules", ".venv", "__pycache__", ".DS_Store"]);

/** Files read at a time. */
const PARALLEL_READS = 16;

/**
 * The files of the tool in the folder at `path`, by the rules that hold for a fetched one: same limits, same names, same symbolic
 * links; of a lone module the one file. Left out at any depth: `.git`, `node_modules`, `.venv`, `__pycache__`, `.DS_Store`; sockets, pipes and devices.
 * @throws PocketError ERR_POCKET_PATH_NOT_FOUND when there is no such folder, ERR_POCKET_TREE_REFUSED when it breaks a rule.
 */
export async function readFolder(path: string, limits: TreeLimits = {}): Promise<ToolFiles> {
  const folder = await locatePlace(path);
  if ((await stat(folder)).isFile()) return readLoneModule(folder, limits);
  const check: TreeCheck = { origin: folder, limits: resolveTreeLimits(limits) };
  try {
    const entries = await listEntries(folder, check);
    checkTreePaths(
      entries.map((entry) => entry.path),
      folder,
    );
    return await readFiles(folder, resolveLinks(entries, check), check);
  } catch (error) {
    if (error instanceof PocketError || errorCodeOf(error) === undefined) throw error;
    throw refuseTree(folder, `it cannot be read: ${String(error)}`, { hint: "make its files readable for you" });
  }
}

async function readLoneModule(path: string, limits: TreeLimits): Promise<ToolFiles> {
  checkTreeSize((await stat(path)).size, { origin: path, limits: resolveTreeLimits(limits) });
  return new Map([[basename(path), new Uint8Array(await readFile(path))]]);
}

async function listEntries(folder: string, check: TreeCheck): Promise<TreeEntry[]> {
  const entries: TreeEntry[] = [];
  const list = async (at: string): Promise<void> => {
    for (const entry of await readdir(join(folder, at), { withFileTypes: true })) {
      if (LEFT_OUT.has(entry.name)) continue;
      const path = at === "" ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory()) await list(path);
      else if (entry.isFile()) entries.push({ path, kind: "file" });
      else if (entry.isSymbolicLink()) {
        entries.push({ path, kind: "link", target: (await readlink(join(folder, path))).replaceAll("\\", "/") });
      }
      checkFileCount(entries.length, check);
    }
  };
  await list("");
  return entries;
}

async function readFiles(folder: string, files: readonly ResolvedFile[], check: TreeCheck): Promise<ToolFiles> {
  let total = 0;
  for (const { from } of files) {
    total += (await stat(join(folder, from))).size;
    checkTreeSize(total, check);
  }
  const contents = new Map<string, Uint8Array>(files.map(({ path }) => [path, new Uint8Array()]));
  const queue = files.values();
  const read = async (): Promise<void> => {
    for (const { path, from } of queue) contents.set(path, new Uint8Array(await readFile(join(folder, from))));
  };
  await Promise.all(Array.from({ length: PARALLEL_READS }, read));
  return contents;
}
