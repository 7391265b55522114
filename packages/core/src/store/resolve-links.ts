/** Symbolic links of a tree: each becomes a copy of what it points to, as long as that is inside the tree. */
import { checkFileCount, quoteName, refuseTree, type TreeCheck } from "./tree-rules.ts";

export type TreeEntry =
  | { readonly path: string; readonly kind: "file" }
  | { readonly path: string; readonly kind: "link"; readonly target: string };

/** A file of the tool: where it stands, and which entry's content it has. */
export interface ResolvedFile {
  readonly path: string;
  readonly from: string;
}

/** Links followed on the way to one file; the number that Linux uses. */
const MAX_HOPS = 40;

/**
 * The files of a tree without links: a link to a file stands for a copy of it, a link to a folder for a copy of all in it.
 * @throws PocketError ERR_POCKET_TREE_REFUSED naming a link that is absolute, leaves the tree, points to nothing or
 * to a folder that holds it; or when the copies make too many files.
 */
export function resolveLinks(entries: readonly TreeEntry[], check: TreeCheck): ResolvedFile[] {
  const tree = indexTree(entries);
  const files: ResolvedFile[] = [];
  const expand = (folder: string, at: string, open: readonly string[]): void => {
    for (const name of tree.folders.get(folder) ?? []) {
      const entry = join(folder, name);
      const path = join(at, name);
      const found = tree.links.has(entry) ? follow(tree, entry, path, check.origin) : entry;
      if (tree.folders.has(found)) {
        if (open.includes(found)) throw refuseLink(check.origin, path, "points to a folder that holds it");
        expand(found, path, [...open, found]);
      } else {
        files.push({ path, from: found });
        checkFileCount(files.length, check);
      }
    }
  };
  expand("", "", [""]);
  return files;
}

interface IndexedTree {
  readonly links: ReadonlyMap<string, string>;
  readonly files: ReadonlySet<string>;
  /** Names by folder; "" is the root. */
  readonly folders: ReadonlyMap<string, ReadonlySet<string>>;
}

function indexTree(entries: readonly TreeEntry[]): IndexedTree {
  const links = new Map<string, string>();
  const files = new Set<string>();
  const folders = new Map<string, Set<string>>([["", new Set()]]);
  for (const entry of entries) {
    if (entry.kind === "link") links.set(entry.path, entry.target);
    else files.add(entry.path);
    for (let path = entry.path; path !== ""; path = parentOf(path)) {
      const names = folders.get(parentOf(path)) ?? new Set();
      folders.set(parentOf(path), names.add(path.slice(path.lastIndexOf("/") + 1)));
    }
  }
  return { links, files, folders };
}

/** The file or folder that the link at `link` ends at; `shown` is the path to name in an error. */
function follow(tree: IndexedTree, link: string, shown: string, origin: string): string {
  let current = "";
  let hops = 0;
  const rest = link.split("/");
  while (rest.length > 0) {
    const segment = rest.shift() ?? "";
    if (segment === "" || segment === ".") continue;
    if (segment === "..") {
      if (current === "") throw refuseLink(origin, shown, "points out of the tool's folder");
      current = parentOf(current);
      continue;
    }
    const next = join(current, segment);
    const target = tree.links.get(next);
    if (target !== undefined) {
      if (target.startsWith("/")) throw refuseLink(origin, shown, "points to an absolute path");
      if (++hops > MAX_HOPS) throw refuseLink(origin, shown, "points to itself");
      rest.unshift(...target.split("/"));
    } else if (tree.folders.has(next) || (tree.files.has(next) && rest.length === 0)) {
      current = next;
    } else {
      throw refuseLink(origin, shown, "points to nothing in the tool's folder");
    }
  }
  return current;
}

function refuseLink(origin: string, path: string, problem: string) {
  return refuseTree(origin, `the symbolic link ${quoteName(path)} ${problem}`, {
    hint: "put the file itself there, or ask the tool's author to",
    path,
  });
}

function join(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}
