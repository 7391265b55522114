/** Refs that a user names, matched against those that a remote has. */
import type { RemoteRefs } from "./remote-refs.ts";

export interface MatchedRef {
  /** What was matched, as the user wrote it; "HEAD" for the remote's HEAD. */
  readonly ref: string;
  /** What is left behind the ref. */
  readonly path: string;
  /** Full sha; undefined when the ref is a sha that no ref of the remote points to. */
  readonly commit: string | undefined;
}

const SHA = /^[0-9a-f]{4,64}$/iu;

/**
 * Divides "feature/x/tools/weather" into ref and path. Tried in this order, as git's own rules make each unique:
 * a branch that is the beginning of it, a tag, a full name ("refs/pull/7/head"), HEAD, and the first segment as a
 * commit's sha. So a branch wins over a tag of the same name, and over a sha. Null when nothing matches.
 */
export function matchRef(refAndPath: string, remote: RemoteRefs): MatchedRef | null {
  for (const namespace of ["refs/heads/", "refs/tags/", "", "refs/"]) {
    for (const ref of beginnings(refAndPath)) {
      const commit = remote.commits.get(`${namespace}${ref}`);
      if (commit !== undefined) return { ref, path: refAndPath.slice(ref.length + 1), commit };
    }
  }
  const [first = "", ...rest] = refAndPath.split("/");
  const commit = first === "HEAD" ? remote.head : undefined;
  if (commit !== undefined) return { ref: first, path: rest.join("/"), commit };
  return SHA.test(first) ? { ref: first, path: rest.join("/"), commit: findSha(first, remote) } : null;
}

/** As `matchRef`, where the whole text is the ref; undefined stands for the remote's HEAD. */
export function findRef(ref: string | undefined, remote: RemoteRefs): MatchedRef | null {
  if (ref === undefined) return remote.head === undefined ? null : { ref: "HEAD", path: "", commit: remote.head };
  for (const namespace of ["refs/heads/", "refs/tags/", "", "refs/"]) {
    const commit = remote.commits.get(`${namespace}${ref}`);
    if (commit !== undefined) return { ref, path: "", commit };
  }
  return SHA.test(ref) ? { ref, path: "", commit: findSha(ref, remote) } : null;
}

/** Branches and tags by the names that users write. */
export function* refNames(remote: RemoteRefs): Generator<string> {
  for (const name of remote.commits.keys()) {
    const short = /^refs\/(?:heads|tags)\/(?<name>.+)$/u.exec(name)?.groups?.["name"];
    if (short !== undefined) yield short;
  }
}

/** Whether `text` is a whole commit sha: 40 hex digits, or 64 in a SHA-256 repository. */
export function isFullSha(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/iu.test(text);
}

/** The one advertised commit that begins with `sha`; a full sha is its own commit. */
function findSha(sha: string, remote: RemoteRefs): string | undefined {
  const wanted = sha.toLowerCase();
  if (isFullSha(wanted)) return wanted;
  const found = new Set([...remote.commits.values()].filter((commit) => commit.startsWith(wanted)));
  return found.size === 1 ? found.values().next().value : undefined;
}

function* beginnings(text: string): Generator<string> {
  for (let end = text.indexOf("/"); end !== -1; end = text.indexOf("/", end + 1)) yield text.slice(0, end);
  yield text;
}
