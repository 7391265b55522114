/** What `pocket test` tests: a tool of settings.toml by its name, or one in a folder or file that has not been added yet. */
import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fromLocal, type Limits, locateSource, type ToolRequest } from "@toolpocket/core";
import { findRequest } from "./find-request.ts";

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
    const source = await locateSource({ kind: "local", path });
    const place = source.kind === "local" ? source.path : path;
    const isFile = (await stat(place)).isFile();
    // A lone module says nothing of itself, and no model reads of it here.
    const described = isFile ? { description: `The module ${basename(path)}` } : {};
    const request = withLimits(fromLocal(path, described), limits);
    return { request, isAdded: false, fixtures: join(isFile ? dirname(place) : place, "fixtures") };
  }
  const { target } = added;
  const folder = target.kind === "local" ? resolve(cwd, target.path) : cwd;
  return { request: withLimits(added, limits), isAdded: true, fixtures: join(folder, "fixtures") };
}

function withLimits(request: ToolRequest, limits: Limits): ToolRequest {
  return { ...request, options: { ...request.options, limits: { ...request.options.limits, ...limits } } };
}
