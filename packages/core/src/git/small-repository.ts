/** The short way to a repository that is new to this machine: refs, commits and contents in one exchange, where it is small. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { GitResolution, GitSource } from "../source/source.ts";
import { withoutManifest } from "../source/tree-path.ts";
import type { WantedTree } from "./fetched-tree.ts";
import { withFolderSizeLimit } from "./folder-size-limit.ts";
import { isOutOfReach } from "./git-failure.ts";
import type { GitSession } from "./git-session.ts";
import { resolvePinned } from "./resolve-wanted.ts";
import { createScratchRepository, fetchAs, type ScratchRepository } from "./scratch-repository.ts";

/** What is fetched before the repository counts as large: then its contents are asked for one by one, as the tools want them. */
const MAX_SMALL_REPOSITORY_BYTES = 2_097_152;
const MAX_SMALL_FILE_BYTES = 65_536;

export interface SmallRepository {
  /** Has the wanted commits, and all of their files but the large ones. */
  readonly repository: ScratchRepository;
  resolve(wanted: WantedTree): GitResolution;
}

/** A ref as it is asked for, and what of a source it leaves over. */
interface GuessedRef {
  /** As the resolution names it. */
  readonly ref: string;
  readonly path: string;
  /** "HEAD", or the full name of a branch. */
  readonly fullName: string;
}

/**
 * Fetches all that is wanted at once, if it can be guessed what the refs are: HEAD and branches, before which git's rules
 * put no other meaning of the same name. Null where a guess is wrong, the repository is large, or the server knows no such
 * fetch: then everything is asked for step by step.
 * @throws what git says of a server that cannot be reached
 */
export async function fetchSmallRepository(
  session: GitSession,
  url: string,
  wanted: readonly WantedTree[],
): Promise<SmallRepository | null> {
  const guesses = new Map<string, GuessedRef>();
  const commits = new Set<string>();
  for (const { source, commit } of wanted) {
    const guess = guessRef(source);
    if (commit !== undefined) commits.add(commit.toLowerCase());
    else if (guess === null) return null;
    else guesses.set(guess.fullName, guess);
  }
  if ([...commits].some((commit) => !/^[0-9a-f]{40}$/u.test(commit))) return null;

  const limit = new AbortController();
  const within = session.within(session.folder, AbortSignal.any([session.signal, limit.signal]));
  const names = [...guesses.keys()];
  try {
    const repository = await createScratchRepository(within, {
      name: "small.git",
      url,
      format: "sha1",
      leavesOut: `blob:limit=${MAX_SMALL_FILE_BYTES}`,
    });
    const places = names.map((name, index) => [name, `refs/wanted/${index}`] as const);
    const { folder } = repository;
    await withFolderSizeLimit(
      folder,
      { maxBytes: MAX_SMALL_REPOSITORY_BYTES, onExceeded: () => limit.abort() },
      async () => fetchAs(repository, { commits, refs: places }),
    );
    const tips = new Map<string, string>();
    for (const [name, place] of places) tips.set(name, (await readFile(join(folder, place), "utf8")).trim());
    return { repository: { ...repository, session }, resolve: (tree) => resolve(tree, tips) };
  } catch (error) {
    session.signal.throwIfAborted();
    if (!limit.signal.aborted && isOutOfReach(error)) throw error;
    return null;
  }
}

function resolve({ source, commit: pin }: WantedTree, tips: ReadonlyMap<string, string>): GitResolution {
  if (pin !== undefined) return resolvePinned({ source, commit: pin });
  const guess = guessRef(source);
  const commit = guess === null ? undefined : tips.get(guess.fullName);
  if (guess === null || commit === undefined) throw new TypeError(`${source.url} was not fetched for this ref`);
  return { kind: "git", url: source.url, ref: guess.ref, path: withoutManifest(guess.path), commit };
}

/** Begins with a letter: "v1.2.0" and "1.2" are tags more often than not, and a name of hex digits may be a commit. */
const BRANCH = /^(?!v\d)(?!HEAD$)(?!refs$)(?![0-9a-f]{4,64}$)[A-Za-z][\w-]*(?:[./][\w-]+)*$/u;

/** Of "main/tools/weather" the first segment: where it is a branch, none can be called "main/tools". */
function guessRef({ ref: named, refAndPath, path }: GitSource): GuessedRef | null {
  if (named === undefined && refAndPath === undefined) return { ref: "HEAD", path, fullName: "HEAD" };
  const end = refAndPath?.indexOf("/") ?? -1;
  const ref = refAndPath === undefined ? named : end === -1 ? refAndPath : refAndPath.slice(0, end);
  if (ref === undefined || !BRANCH.test(ref) || ref.startsWith("refs/") || ref.endsWith(".lock")) return null;
  const left = refAndPath === undefined ? path : end === -1 ? "" : refAndPath.slice(end + 1);
  return { ref, path: left, fullName: `refs/heads/${ref}` };
}
