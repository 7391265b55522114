/** Tool folders: where in a repository the tools are, by the names of the files alone. */
import { MANIFEST_NAMES } from "../source/tree-path.ts";

/** The folders among `paths` (files of a tree) that hold a config.toml, a pocket.json or a tool.yaml, sorted; "" is the root. */
export function listToolFolders(paths: Iterable<string>): string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    const cut = path.lastIndexOf("/");
    if (MANIFEST_NAMES.includes(path.slice(cut + 1))) folders.add(path.slice(0, Math.max(cut, 0)));
  }
  return [...folders].toSorted();
}
