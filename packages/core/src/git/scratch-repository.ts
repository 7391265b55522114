/**
 * A scratch repository: bare, empty, private to one fetch, thrown away after it. Nothing is shared with other processes, so
 * nothing has to be locked, and a killed fetch leaves a folder that the store sweeps, not a repository that is half written.
 * What is worth keeping between fetches, the trees, is in the store.
 */
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { PocketError } from "../errors.ts";
import { readableOutput } from "./git-failure.ts";
import type { GitSession, ObjectFormat } from "./git-session.ts";

export interface ScratchRepository {
  readonly folder: string;
  readonly url: string;
  readonly session: GitSession;
  /** File contents that are left out until they are asked for (`--filter`), as far as the server can. */
  readonly leavesOut: ContentFilter | undefined;
}

export type ContentFilter = "blob:none" | `blob:limit=${number}`;

/** All commits of a history; git's own number for "no limit". */
const WHOLE_HISTORY = 2_147_483_647;

export interface CreateScratchRepositoryOptions {
  /** The folder's name inside the session's. */
  readonly name: string;
  readonly url: string;
  /** How the repository's commits are named: SHA-256 has longer shas. */
  readonly format: ObjectFormat;
  readonly leavesOut: ContentFilter | undefined;
}

export async function createScratchRepository(
  session: GitSession,
  { name, url, format, leavesOut }: CreateScratchRepositoryOptions,
): Promise<ScratchRepository> {
  const folder = join(session.folder, name);
  await cp(await session.emptyRepository(format), folder, { recursive: true });
  return { folder, url, session, leavesOut };
}

/**
 * Fetches each commit alone, without its history.
 * @returns the commits that the server refuses or does not have, each with the reason; the others are there.
 */
export async function fetchCommits(
  repository: ScratchRepository,
  commits: Iterable<string>,
): Promise<ReadonlyMap<string, PocketError>> {
  const refused = new Map<string, "missing" | "unadvertised">();
  const wanted = new Set(commits);
  while (wanted.size > 0) {
    try {
      await fetchObjects(repository, wanted, ["--depth=1"]);
      break;
    } catch (error) {
      const { commit, reason } = refusedCommit(error);
      if (commit === undefined || !wanted.delete(commit)) throw error;
      refused.set(commit, reason);
    }
  }
  const unadvertised = [...refused].filter(([, reason]) => reason === "unadvertised").map(([commit]) => commit);
  if (unadvertised.length > 0) {
    await fetchHistory(repository);
    for (const commit of unadvertised) if (await hasCommit(repository, commit)) refused.delete(commit);
  }
  return new Map([...refused.keys()].map((commit) => [commit, missingCommit(repository.url, commit)]));
}

/** Fetches objects by sha: commits, or the contents of files that were left out. */
export async function fetchObjects(
  repository: ScratchRepository,
  objects: Iterable<string>,
  options: readonly string[] = [],
): Promise<void> {
  await runFetch(repository, [...options, ...filterOf(repository, "blob:none")], [...objects]);
}

/** Fetches commits, and what refs stand for under names of our own, each without its history, and the contents that `leavesOut` lets through. */
export async function fetchAs(
  repository: ScratchRepository,
  {
    commits,
    refs,
  }: { readonly commits: Iterable<string>; readonly refs: Iterable<readonly [ref: string, name: string]> },
): Promise<void> {
  const refspecs = [...commits, ...Array.from(refs, ([ref, name]) => `+${ref}:${name}`)];
  await runFetch(repository, ["--depth=1", ...filterOf(repository, repository.leavesOut)], refspecs);
}

/** Whether an error of `fetchObjects` says that the server gives nothing but what its refs point to. */
export function isRefusedBySha(error: unknown): boolean {
  return refusedCommit(error).commit !== undefined;
}

/** The one commit that begins with `sha`, in a repository whose history was fetched. */
export async function findCommit(repository: ScratchRepository, sha: string): Promise<string> {
  try {
    const { folder, session } = repository;
    const found = await session
      .command({ repository: folder })
      .revparse(["--verify", "--end-of-options", `${sha}^{commit}`]);
    return found.trim();
  } catch (error) {
    if (
      repository.session.signal.aborted ||
      !/ambiguous|single revision|unknown revision/iu.test(readableOutput(error))
    ) {
      throw error;
    }
    const isAmbiguous = /is ambiguous/u.test(readableOutput(error));
    throw new PocketError(
      "ERR_POCKET_REF_NOT_FOUND",
      isAmbiguous
        ? `more than one commit of ${repository.url} begins with ${sha}`
        : `no commit of ${repository.url} begins with ${sha}`,
      { hint: isAmbiguous ? "write more digits of the sha" : "check the sha, or name a branch or a tag", cause: error },
    );
  }
}

/** Fetches all commits of all branches and tags; "tree:0" leaves out everything but the commits. */
export async function fetchHistory(
  repository: ScratchRepository,
  filter: "blob:none" | "tree:0" = "blob:none",
): Promise<void> {
  await runFetch(
    repository,
    [`--depth=${WHOLE_HISTORY}`, ...filterOf(repository, filter)],
    ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"],
  );
}

function filterOf(repository: ScratchRepository, filter: string | undefined): string[] {
  return repository.leavesOut !== undefined && filter !== undefined ? [`--filter=${filter}`] : [];
}

async function runFetch(
  { session, folder, url }: ScratchRepository,
  options: readonly string[],
  refspecs: readonly string[],
): Promise<void> {
  const git = session.command({
    repository: folder,
    network: true,
    config: [`remote.origin.url=${url}`],
    input: `${refspecs.join("\n")}\n`,
  });
  // Verbose, because simple-git waits 50 ms longer for a command that says nothing.
  const always = ["--verbose", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance"];
  await git.raw(["fetch", ...always, ...options, "--stdin", "--", "origin"]);
}

async function hasCommit({ session, folder }: ScratchRepository, commit: string): Promise<boolean> {
  try {
    await session.command({ repository: folder }).revparse(["--verify", "--quiet", `${commit}^{commit}`]);
    return true;
  } catch {
    session.signal.throwIfAborted();
    return false;
  }
}

/** "not our ref" is what a server says that has not the object; "unadvertised", one that gives refs only. */
function refusedCommit(error: unknown): { commit: string | undefined; reason: "missing" | "unadvertised" } {
  const output = error instanceof Error ? error.message : "";
  const missing = /(?:not our ref|want) (?<commit>[0-9a-f]{40,64})(?: not valid)?/u.exec(output)?.groups?.["commit"];
  if (missing !== undefined)
    return { commit: missing, reason: / not valid/u.test(output) ? "unadvertised" : "missing" };
  return {
    commit: /unadvertised object (?<commit>[0-9a-f]{40,64})/u.exec(output)?.groups?.["commit"],
    reason: "unadvertised",
  };
}

function missingCommit(url: string, commit: string): PocketError {
  return new PocketError(
    "ERR_POCKET_REF_NOT_FOUND",
    `the commit ${commit} is not in ${url}, or its server does not give it`,
    {
      hint: "check the sha; where the lock pins it, the repository's history was rewritten: run `pocket lock update`",
      details: { url, commit },
    },
  );
}
