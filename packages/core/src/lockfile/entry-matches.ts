/** Whether a pinned entry holds what a source asks for. */
import { sourceMatches } from "../source/match-source.ts";
import type { Source } from "../source/source.ts";
import type { LockEntry } from "./lock-entry.ts";

/** Nothing is asked of a remote: places are compared as they are written. */
export function entryMatches(entry: LockEntry, source: Source | { readonly kind: "external" }): boolean {
  if (source.kind === "git") return entry.source === "git" && sourceMatches(source, entry);
  if (source.kind !== "url" && source.kind !== "oci") return false;
  return (entry.source === "url" || entry.source === "oci") && source.kind === entry.source && source.url === entry.url;
}
