/** Paths of a git host's web pages: where the repository ends, and where ref and path begin. */

export interface BrowsePath {
  readonly repository: readonly string[];
  /** Ref and folder, still undivided and percent-encoded; undefined when the path is the repository's alone. */
  readonly rest?: readonly string[];
}

/**
 * Divides `…/tree/<ref>/<path>` and `…/blob/<ref>/<file>` (GitHub), the same behind `/-/` (GitLab),
 * `…/src/branch|tag|commit/<ref>/<path>` (Gitea, Forgejo) and Bitbucket's `…/src/<ref>/<path>`. A file stands for its folder.
 * The first marker counts, but not one before a segment that ends in `.git`: there the repository ends.
 */
export function splitBrowsePath(segments: readonly string[], host: string): BrowsePath {
  const suffixed = segments.findIndex((segment) => /.\.git$/iu.test(segment));
  for (let at = Math.max(suffixed + 1, 1); at < segments.length - 1; at += 1) {
    const rest = restAfterMarker(segments, at, host);
    const end = segments[at - 1] === "-" ? at - 1 : at;
    if (rest !== undefined && end > 0) return { repository: segments.slice(0, end), rest };
  }
  return { repository: segments };
}

function restAfterMarker(segments: readonly string[], at: number, host: string): readonly string[] | undefined {
  const rest = segments.slice(at + 1);
  switch (segments[at]) {
    case "tree":
      return rest;
    case "blob":
      return rest.length > 1 ? rest.slice(0, -1) : rest;
    case "src":
      if (rest.length > 1 && ["branch", "tag", "commit"].includes(rest[0] ?? "")) return rest.slice(1);
      return host === "bitbucket.org" && at >= 2 ? rest : undefined;
    default:
      return undefined;
  }
}
