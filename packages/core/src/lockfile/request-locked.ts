/** Requests for what a lock holds, where no settings say what is wanted. */
import { fromGit, fromOci, fromUrl, type ToolRequest } from "../tool-request.ts";
import type { LockEntry, Lockfile } from "./lock-entry.ts";

/** Stands for the description of a lone module, which only the program that uses it knows; it is written nowhere. */
const DESCRIBED_ELSEWHERE = "described by the program that asks for it";

/** One request for each pinned tool, under its name. */
export function requestLocked({ tools }: Lockfile): ToolRequest[] {
  return tools.flatMap(requestOne);
}

function requestOne(entry: LockEntry): ToolRequest[] {
  const { name } = entry;
  if (entry.source === "local") return [];
  if (entry.source === "git") return [fromGit(entry.url, { ref: entry.ref, path: entry.path, name })];
  const from = entry.source === "url" ? fromUrl : fromOci;
  return [from(entry.url, entry.definition === undefined ? { name, description: DESCRIBED_ELSEWHERE } : { name })];
}
