/** A source: the parsed request. What kind it is, where it is, which ref and which folder. */

export interface GitSource {
  readonly kind: "git";
  /** Normalised remote URL, without credentials, fragment and query. */
  readonly url: string;
  /**
   * What the user named: a branch, tag or sha; undefined means the remote's HEAD. Where it came out of a
   * `…/tree/<ref>/<path>` URL, ref and path cannot be told apart without the remote's refs: then `refAndPath` stands instead.
   */
  readonly ref?: string;
  /** Folder of the tool inside the repository, "" for its root. */
  readonly path: string;
  /** The still undivided segments after `/tree/` or `/blob/`, for example "feature/x/tools/weather". */
  readonly refAndPath?: string;
}

export interface LocalSource {
  readonly kind: "local";
  /** Absolute path of the tool's folder, or of a lone module. */
  readonly path: string;
}

export interface FunctionSource {
  readonly kind: "function";
  readonly name: string;
}

/** A module on a web server, or an artifact of a registry. */
export interface RemoteSource {
  readonly kind: "url" | "oci";
  /** Normalised: `https://…`, or `oci://host/repository:tag`. */
  readonly url: string;
}

export type Source = GitSource | LocalSource | RemoteSource | FunctionSource;

/** The exact content that a remote source stands for. */
export interface RemoteResolution extends RemoteSource {
  /** `sha256-` and hex: of the file, or of the registry's manifest. */
  readonly digest: string;
}

/** The exact content a git source stands for. */
export interface GitResolution {
  readonly kind: "git";
  readonly url: string;
  /** The ref that was matched ("main", "feature/x", "v1.2", a sha), or "HEAD" where the user named none. */
  readonly ref: string;
  readonly path: string;
  /** Full commit sha in hex. */
  readonly commit: string;
}
