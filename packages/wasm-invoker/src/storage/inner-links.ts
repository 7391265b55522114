/** Links of a granted folder: those that stay inside it are shown, as links relative to where they stand. */
import { posix } from "node:path";
import type { ImageEntry } from "./folder-image.ts";

const MAX_HOPS = 40;

/**
 * The entries without the links that lead out of the folder, nowhere, or in circles. Found out among the entries alone, so
 * that nothing outside is ever looked at.
 */
export function findInnerLinks(entries: readonly ImageEntry[], folder: string): ImageEntry[] {
  const links = new Map<string, string>();
  for (const entry of entries) {
    const target = entry.kind === "link" ? toInnerTarget(entry.path, entry.target, folder) : undefined;
    if (target !== undefined) links.set(entry.path, target);
  }
  const standing = new Set(entries.filter(({ kind }) => kind !== "link").map(({ path }) => path));
  return entries.flatMap((entry): ImageEntry[] => {
    if (entry.kind !== "link") return [entry];
    const target = links.get(entry.path);
    if (target === undefined || !leadsInside(entry.path, links, standing)) return [];
    return [{ ...entry, target: posix.relative(posix.dirname(entry.path), target) || "." }];
  });
}

/** The path inside the folder that a link there names, or undefined where it is none. */
function toInnerTarget(path: string, target: string, folder: string): string | undefined {
  const inside = target.startsWith(`${folder}/`) ? target.slice(folder.length + 1) : target;
  if (posix.isAbsolute(inside) || inside.includes("\\")) return undefined;
  const from = inside === target ? posix.dirname(path) : ".";
  const resolved = posix.normalize(posix.join(from, inside)).replace(/\/$/u, "");
  return resolved === "." || resolved === ".." || resolved.startsWith("../") ? undefined : resolved;
}

/** Follows the links on the way, at every segment, as a file system would. */
function leadsInside(start: string, links: ReadonlyMap<string, string>, standing: ReadonlySet<string>): boolean {
  let path = start;
  for (let hops = 0; hops <= MAX_HOPS; hops += 1) {
    if (standing.has(path)) return true;
    const link = prefixesOf(path).find((prefix) => links.has(prefix));
    const target = link === undefined ? undefined : links.get(link);
    if (link === undefined || target === undefined) return false;
    path = `${target}${path.slice(link.length)}`;
  }
  return false;
}

function prefixesOf(path: string): string[] {
  const segments = path.split("/");
  return segments.map((_, index) => segments.slice(0, index + 1).join("/"));
}
