/** Paths inside a repository, as a user writes them. */
import { invalidSource } from "./invalid-source.ts";

/** Files that say what a tool is. A path to one of them means the folder it is in. */
export const MANIFEST_NAMES: readonly string[] = ["config.toml", "pocket.json", "tool.yaml"];

/** Whether a file of that name stands for its folder: a manifest, or a component, which needs none. */
export function isManifestName(name: string): boolean {
  return MANIFEST_NAMES.includes(name) || name.endsWith(".wasm");
}

/**
 * A folder inside a repository in its one spelling: segments with `/` between them, "" for the root.
 * @param request what the user wrote as a whole, for the error.
 * @throws PocketError ERR_POCKET_SOURCE_INVALID when the path is absolute, leaves the repository or names git's own folder.
 */
export function parseTreePath(path: string, request: string): string {
  if (path.startsWith("/") || /^[a-z]:/iu.test(path)) {
    throw invalidSource(request, `has the absolute path "${path}"`, {
      hint: "write the path relative to the repository's root",
    });
  }
  if (path.startsWith("-"))
    throw invalidSource(request, `has a path that begins with "-"`, { hint: 'write "./" before the path' });
  if (path.includes("\\"))
    throw invalidSource(request, "has a path with a backslash", { hint: 'write the path with "/"' });
  if (/\p{Cc}/u.test(path))
    throw invalidSource(request, "has a path with a control character", { hint: "write the path in plain text" });
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  if (segments.includes("..")) {
    throw invalidSource(request, `has the path "${path}", which may leave the repository`, {
      hint: 'write the path without ".."',
    });
  }
  if (segments.some((segment) => segment.toLowerCase() === ".git")) {
    throw invalidSource(request, `has the path "${path}" into git's own folder`, {
      hint: "name a folder of the repository's files",
    });
  }
  return segments.join("/");
}

/** `path` without the name of a manifest or module at its end: the folder that is meant. */
export function withoutManifest(path: string): string {
  const cut = path.lastIndexOf("/");
  return isManifestName(path.slice(cut + 1)) ? path.slice(0, Math.max(cut, 0)) : path;
}
