/** From wanted trees to commits: what each ref, or the lack of one, stands for at the remote. */
import { PocketError } from "../errors.ts";
import { nearestName } from "../nearest.ts";
import type { GitResolution, GitSource } from "../source/source.ts";
import { withoutManifest } from "../source/tree-path.ts";
import type { WantedTree } from "./fetched-tree.ts";
import type { GitSession, ObjectFormat } from "./git-session.ts";
import { findRef, isFullSha, matchRef, refNames, type MatchedRef } from "./match-ref.ts";
import type { RemoteRefs } from "./remote-refs.ts";
import { createScratchRepository, fetchHistory, findCommit, type ScratchRepository } from "./scratch-repository.ts";

/** What a pin stands for; nothing is asked of the remote. */
export function resolvePinned({ source, commit }: WantedTree & { readonly commit: string }): GitResolution {
  if (source.refAndPath !== undefined) {
    throw new TypeError(`the source ${source.url} has a pin, and a ref and path that are not divided`);
  }
  if (!isFullSha(commit)) throw new TypeError(`"${commit}" is not a whole commit sha`);
  return {
    kind: "git",
    url: source.url,
    ref: source.ref ?? "HEAD",
    path: withoutManifest(source.path),
    commit: commit.toLowerCase(),
  };
}

/** Finds the commit that a short sha stands for. */
export type CommitFinder = (sha: string) => Promise<string>;

/** Fetches the history of the repository, without any file, when the first short sha asks for it. */
export function createCommitFinder(session: GitSession, url: string, remote: RemoteRefs): CommitFinder {
  let history: Promise<ScratchRepository> | undefined;
  const open = async (): Promise<ScratchRepository> => {
    const options = { name: "history.git", url, format: formatOf(remote), leavesOut: "blob:none" } as const;
    const repository = await createScratchRepository(session, options);
    await fetchHistory(repository, "tree:0");
    return repository;
  };
  return async (sha) => findCommit(await (history ??= open()), sha);
}

/**
 * What the ref of an unpinned source stands for now.
 * @throws PocketError ERR_POCKET_REF_NOT_FOUND naming the nearest ref.
 */
export async function resolveSource(source: GitSource, remote: RemoteRefs, find: CommitFinder): Promise<GitResolution> {
  const matched = match(source, remote);
  if (matched === null) throw refNotFound(source, remote);
  const { ref, path } = matched;
  const commit = matched.commit ?? (await find(ref));
  return { kind: "git", url: source.url, ref, path: withoutManifest(path), commit };
}

function match(source: GitSource, remote: RemoteRefs): MatchedRef | null {
  if (source.refAndPath !== undefined) return matchRef(source.refAndPath, remote);
  const found = findRef(source.ref, remote);
  return found === null ? null : { ...found, path: source.path };
}

function refNotFound(source: GitSource, remote: RemoteRefs): PocketError {
  const details = { url: source.url };
  if (source.ref === undefined && source.refAndPath === undefined) {
    return new PocketError(
      "ERR_POCKET_REF_NOT_FOUND",
      `${source.url} has no HEAD: it is empty, or its default branch is gone`,
      {
        hint: "name a branch, a tag or a commit",
        details,
      },
    );
  }
  const named = source.ref ?? source.refAndPath ?? "";
  const near = nearestRef(named, source.refAndPath !== undefined, remote);
  return new PocketError("ERR_POCKET_REF_NOT_FOUND", `there is no branch, tag or commit "${named}" in ${source.url}`, {
    hint: near === undefined ? `list what there is: git ls-remote ${source.url}` : `use the ref "${near}"`,
    details: { ...details, ref: named },
  });
}

/** Of "mian/tools/weather" the first segment is compared too, for it is most often the whole ref. */
function nearestRef(named: string, isUndivided: boolean, remote: RemoteRefs): string | undefined {
  const names = [...refNames(remote)];
  const first = named.split("/")[0] ?? "";
  return (isUndivided ? nearestName(first, names) : undefined) ?? nearestName(named, names);
}

/** SHA-256 names a commit with 64 digits. */
function formatOf(remote: RemoteRefs): ObjectFormat {
  return remote.commits.values().next().value?.length === 64 ? "sha256" : "sha1";
}
