/** Sources on this disk: whether a `file://` URL is a repository or a folder, and which part of a path is the tool's folder. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { locatePlace } from "./locate-place.ts";
import type { GitSource, Source } from "./source.ts";

/**
 * What `parseSource` cannot know without looking at the disk; a source of any other kind comes back as it is.
 * - `file://` and the path of a repository, bare or not: a git source. With `/tree/<ref>/<path>` behind it too; where
 *   the path itself holds a folder named `tree`, the longest beginning that is a repository counts.
 * - `file://` and a folder that is no repository: a local source.
 * - a local path to a manifest: the folder it is in; to a `.wasm` file: that file.
 * @throws PocketError ERR_POCKET_PATH_NOT_FOUND when there is no such folder or module.
 */
export async function locateSource(source: Source): Promise<Source> {
  if (source.kind === "local") return { kind: "local", path: await locatePlace(source.path) };
  if (source.kind === "git" && source.url.startsWith("file://")) return locateFileUrl(source);
  return source;
}

async function locateFileUrl(source: GitSource): Promise<Source> {
  if (source.refAndPath === undefined) {
    if (await isRepository(source.url)) return source;
    if (source.ref !== undefined || source.path !== "") return source;
    return { kind: "local", path: await locatePlace(fileURLToPath(source.url)) };
  }
  for (const candidate of divisions(source, source.refAndPath)) {
    if (await isRepository(candidate.url)) return candidate;
  }
  return { kind: "local", path: await locatePlace(join(fileURLToPath(source.url), "tree", source.refAndPath)) };
}

/** The ways to read url and `/tree/` and the rest, the longest repository first. */
function* divisions(source: GitSource, refAndPath: string): Generator<GitSource> {
  const whole = join(fileURLToPath(source.url), "tree", refAndPath);
  yield { kind: "git", url: pathToFileURL(whole).href, path: "" };
  const segments = refAndPath.split("/");
  for (let at = segments.length - 2; at > 0; at -= 1) {
    if (segments[at] !== "tree") continue;
    const folder = join(fileURLToPath(source.url), "tree", ...segments.slice(0, at));
    yield { kind: "git", url: pathToFileURL(folder).href, path: "", refAndPath: segments.slice(at + 1).join("/") };
  }
  yield source;
}

/** Whether the folder has a `.git`, or is itself what `.git` would be. */
async function isRepository(url: string): Promise<boolean> {
  const folder = fileURLToPath(url);
  if (await exists(join(folder, ".git"))) return true;
  const parts = await Promise.all(["HEAD", "objects", "refs"].map((name) => exists(join(folder, name))));
  return parts.every(Boolean);
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
