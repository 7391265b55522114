/** Names of refs, as a user writes them. */
import { invalidSource } from "./invalid-source.ts";

/** What git allows in no ref (git-check-ref-format). */
const FORBIDDEN = /[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)/u;

/**
 * A branch, tag or sha; undefined for "HEAD", which is what no ref means.
 * @param request what the user wrote as a whole, for the error.
 * @throws PocketError ERR_POCKET_SOURCE_INVALID when git could have no such ref.
 */
export function parseRefName(ref: string, request: string): string | undefined {
  if (!isRefName(ref)) {
    throw invalidSource(request, `has the ref ${JSON.stringify(ref)}, which git does not allow`, {
      hint: "name a branch, a tag or a commit",
    });
  }
  return ref === "HEAD" ? undefined : ref;
}

function isRefName(ref: string): boolean {
  return ref !== "" && ref !== "@" && !/^[-/.]|[/.]$/u.test(ref) && !FORBIDDEN.test(ref);
}
