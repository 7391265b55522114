/** The refs of a remote repository, as it advertises them. */
import type { GitSession } from "./git-session.ts";

export interface RemoteRefs {
  /** The commit of the remote's HEAD; undefined while the repository is empty. */
  readonly head: string | undefined;
  /** Commits by full name ("refs/heads/main"). Annotated tags stand with the commit they end at. */
  readonly commits: ReadonlyMap<string, string>;
}

/** Asks the remote, once. */
export async function readRemoteRefs(session: GitSession, url: string): Promise<RemoteRefs> {
  return parseRemoteRefs(await session.command({ network: true }).listRemote(["--", url]));
}

/** Reads the output of `git ls-remote`. A peeled line (`…^{}`) comes after its tag and replaces it. */
export function parseRemoteRefs(listing: string): RemoteRefs {
  const commits = new Map<string, string>();
  let head: string | undefined;
  for (const line of listing.split("\n")) {
    const [commit, name] = line.split("\t");
    if (commit === undefined || name === undefined || !/^[0-9a-f]+$/u.test(commit)) continue;
    if (name === "HEAD") head = commit;
    else commits.set(name.endsWith("^{}") ? name.slice(0, -3) : name, commit);
  }
  return { head, commits };
}
