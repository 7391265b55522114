/** The file tree in which modules are looked up: the tool's own, held in memory. Nothing outside it exists. */

export interface ModuleTree {
  /** Whether there is a file at the absolute, normalized path. */
  isFile(path: string): boolean;
  isDirectory(path: string): boolean;
  /** Text of a file that is there. */
  readText(path: string): string;
}

/** A package.json, as far as module resolution reads it. */
export interface PackageManifest {
  readonly name?: string;
  readonly type?: string;
  readonly main?: unknown;
  readonly exports?: unknown;
  readonly imports?: unknown;
}

/** Folder of the tool inside the guest: what a host's path `a/b.js` is there. */
export const TOOL_ROOT = "/tool";

/** `path` made absolute against `folder`, with `.` and `..` resolved; it never leaves `/`. */
export function resolvePath(folder: string, path: string): string {
  const segments: string[] = [];
  for (const segment of (path.startsWith("/") ? path : `${folder}/${path}`).split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return `/${segments.join("/")}`;
}

/** The folder that holds `path`. */
export function parentFolder(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf("/")));
}

/** The package.json in `folder`, or null where there is none or it is no JSON object. */
export function readPackageManifest(tree: ModuleTree, folder: string): PackageManifest | null {
  const path = resolvePath(folder, "package.json");
  if (!tree.isFile(path)) return null;
  try {
    const manifest: unknown = JSON.parse(tree.readText(path));
    return typeof manifest === "object" && manifest !== null ? manifest : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The nearest package.json at or above `folder`, as Node's package scope: it ends at a node_modules folder. */
export function findPackageScope(
  tree: ModuleTree,
  folder: string,
): { readonly folder: string; readonly manifest: PackageManifest } | null {
  for (let current = folder; ; current = parentFolder(current)) {
    if (current.endsWith("/node_modules")) return null;
    const manifest = readPackageManifest(tree, current);
    if (manifest) return { folder: current, manifest };
    if (current === "/") return null;
  }
}
