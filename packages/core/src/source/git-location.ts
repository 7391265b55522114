/** A git location: what the text of a URL says of repository, ref and path. */

export interface GitLocation {
  readonly url: string;
  /** undefined: the URL names none. */
  readonly ref?: string;
  /** undefined: the URL names none. */
  readonly path?: string;
  /** Ref and path that only the remote's refs can divide; then the other two are not there. */
  readonly refAndPath?: string;
}
