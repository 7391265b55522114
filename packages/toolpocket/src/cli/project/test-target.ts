/** What `pocket test` tests: a tool of settings.toml by its name, or one in a folder or file that has not been added yet. */
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import {
  fromLocal,
  isPocketError,
  type Limits,
  locateSource,
  readFolder,
  readManifest,
  type ToolRequest,
} from "@toolpocket/core";
import { findRequest } from "./find-request.ts";

const MANIFESTS: ReadonlySet<string> = new Set(["config.toml", "pocket.json", "tool.yaml"]);

export interface TestTarget {
  readonly request: ToolRequest;
  /** Whether it stands in settings.toml, and is pinned in pocket.lock. */
  readonly isAdded: boolean;
  /** Where its fixtures are, when nothing else is said. */
  readonly fixtures: string;
}

/**
 * @param named a tool's name, a folder or a module; a name of settings.toml wins
 * @throws PocketError ERR_POCKET_TOOL_UNKNOWN
 */
export async function findTestTarget(named: string, cwd: string, limits: Limits): Promise<TestTarget> {
  const path = resolve(cwd, named);
  const found = await stat(path).catch(() => undefined);
  const added = await findRequest(named, { cwd }).catch((error: unknown) => {
    if (found === undefined) throw error;
    return undefined;
  });
  if (added === undefined) {
    const place = await findPlace(path);
    const isFile = (await stat(place)).isFile();
    // A lone module says nothing of itself, and no model reads of it here.
    const described = isFile ? { description: `The module ${basename(place)}` } : {};
    const request = withLimits(fromLocal(place, described), limits);
    return { request, isAdded: false, fixtures: join(isFile ? dirname(place) : place, "fixtures") };
  }
  const { target } = added;
  const folder = target.kind === "local" ? resolve(cwd, target.path) : cwd;
  return { request: withLimits(added, limits), isAdded: true, fixtures: join(folder, "fixtures") };
}

/** The folder of the tool, also where its module was named; the module alone where no manifest beside it is its own. */
async function findPlace(path: string): Promise<string> {
  const source = await locateSource({ kind: "local", path });
  const place = source.kind === "local" ? source.path : path;
  const folder = dirname(place);
  if ((await stat(place)).isDirectory()) return place;
  // Where no tool can be, its files are not read.
  const isTool = (await readdir(folder)).some((name) => MANIFESTS.has(name));
  return isTool && (await isModuleOf(folder, basename(place))) ? folder : place;
}

/** Whether a tool is in the folder whose module is the file of that name; a broken manifest is nobody's. */
async function isModuleOf(folder: string, name: string): Promise<boolean> {
  try {
    const manifest = readManifest(await readFolder(folder));
    if (manifest.runtime !== "wasm") return false;
    const { module } = manifest.entry;
    return module.kind === "file" && module.path === name;
  } catch (error) {
    if (isPocketError(error)) return false;
    throw error;
  }
}

function withLimits(request: ToolRequest, limits: Limits): ToolRequest {
  return { ...request, options: { ...request.options, limits: { ...request.options.limits, ...limits } } };
}
