/** What a tree of files must keep to, wherever it comes from: its size, and names that mean the same on every disk. */
import { PocketError } from "../errors.ts";

/** Content of one tool, all files together, in bytes. */
export const DEFAULT_MAX_TREE_BYTES = 104_857_600;
/** Files of one tool. */
export const DEFAULT_MAX_TREE_FILES = 10_000;

export interface TreeLimits {
  /** @defaultValue DEFAULT_MAX_TREE_BYTES */
  maxTreeBytes?: number;
  /** @defaultValue DEFAULT_MAX_TREE_FILES */
  maxTreeFiles?: number;
}

export type ResolvedTreeLimits = Readonly<Required<TreeLimits>>;

export function resolveTreeLimits(limits: TreeLimits = {}): ResolvedTreeLimits {
  return {
    maxTreeBytes: limits.maxTreeBytes ?? DEFAULT_MAX_TREE_BYTES,
    maxTreeFiles: limits.maxTreeFiles ?? DEFAULT_MAX_TREE_FILES,
  };
}

/** A tree that breaks a rule; `origin` is the folder or the repository it comes from. */
export function refuseTree(origin: string, problem: string, options: { hint: string; path?: string }): PocketError {
  const { hint, path } = options;
  return new PocketError("ERR_POCKET_TREE_REFUSED", `${origin}: ${problem}`, {
    hint,
    details: { origin, ...(path !== undefined && { path }) },
  });
}

/** What a check needs to say whose tree it is, and what to do about it. */
export interface TreeCheck {
  /** The folder or the repository that the tree comes from. */
  readonly origin: string;
  readonly limits: ResolvedTreeLimits;
  /** What to do about a tree that is too large. */
  readonly sizeHint?: string;
}

const SIZE_HINT = "name the folder of one tool, or take out what it does not need to run";

/** @throws PocketError ERR_POCKET_TREE_REFUSED when there are more files than allowed. */
export function checkFileCount(count: number, { origin, limits, sizeHint = SIZE_HINT }: TreeCheck): void {
  if (count <= limits.maxTreeFiles) return;
  throw refuseTree(origin, `the folder holds more than ${limits.maxTreeFiles} files`, { hint: sizeHint });
}

/** @throws PocketError ERR_POCKET_TREE_REFUSED when the files together are larger than allowed. */
export function checkTreeSize(bytes: number, { origin, limits, sizeHint = SIZE_HINT }: TreeCheck): void {
  if (bytes <= limits.maxTreeBytes) return;
  throw refuseTree(origin, `the folder holds more than ${limits.maxTreeBytes} bytes`, { hint: sizeHint });
}

/**
 * Checks that every path stays inside its folder and means one file on every disk: no `..`, no `.git`, no backslash,
 * colon or control character, and no two paths that differ only in case or Unicode form.
 * @throws PocketError ERR_POCKET_TREE_REFUSED that names the path.
 */
export function checkTreePaths(paths: Iterable<string>, origin: string): void {
  const spellings = new Map<string, string>();
  const files = new Set<string>();
  for (const path of paths) {
    const problem = files.has(path) ? "stands there twice" : describeUnsafePath(path);
    if (problem !== null) {
      throw refuseTree(origin, `the file name ${quoteName(path)} ${problem}`, { hint: RENAME_HINT, path });
    }
    files.add(path);
    for (const spelling of prefixes(path)) {
      const folded = spelling.normalize("NFC").toLowerCase();
      const earlier = spellings.get(folded) ?? spelling;
      if (earlier !== spelling) {
        const names = `${quoteName(earlier)} and ${quoteName(spelling)}`;
        throw refuseTree(origin, `${names} are one file where case does not count`, {
          hint: RENAME_HINT,
          path: spelling,
        });
      }
      spellings.set(folded, spelling);
    }
  }
}

const RENAME_HINT = "rename it, or ask the tool's author to";

/** `name` in quotes, with control characters and invisible ones written as escapes. */
export function quoteName(name: string): string {
  return JSON.stringify(name).replaceAll(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** Why `path`, relative with `/`, does not mean one file on every disk, as the end of a sentence; null when it does. */
export function describeUnsafePath(path: string): string | null {
  if (/[\p{Cc}]/u.test(path)) return "holds a control character";
  if (path.includes("\uFFFD")) return "is not valid UTF-8";
  if (path.includes("\\")) return "holds a backslash";
  if (path.includes(":")) return "holds a colon";
  for (const segment of path.split("/")) {
    if (segment === "" || segment === "." || segment === "..") return "leaves its folder";
    if (isGitFolder(segment)) return "belongs to git";
  }
  return null;
}

/** Every spelling that some file system takes for `.git`: case, trailing dots and spaces, ignorable marks, 8.3 names. */
function isGitFolder(segment: string): boolean {
  const plain = segment
    .normalize("NFKC")
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, "")
    .replace(/(?<![. ])[. ]+$/u, "")
    .toLowerCase();
  return plain === ".git" || plain === "git~1";
}

function* prefixes(path: string): Generator<string> {
  for (let end = path.indexOf("/"); end !== -1; end = path.indexOf("/", end + 1)) yield path.slice(0, end);
  yield path;
}
