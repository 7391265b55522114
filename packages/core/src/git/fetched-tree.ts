/** What a fetcher is asked for, and what it gives. */
import type { ToolFiles } from "../program.ts";
import type { GitResolution, GitSource } from "../source/source.ts";

export interface WantedTree {
  readonly source: GitSource;
  /** The lock's pin, a full sha: this commit is fetched, wherever the ref has gone. The source's path must be divided then. */
  readonly commit?: string;
}

export interface FetchedTree {
  readonly resolution: GitResolution;
  /** `digestTree` of `files`: the tree is in the store under it. */
  readonly integrity: string;
  readonly files: ToolFiles;
  /** Submodules of the folder: they are not part of the tree. */
  readonly submodules: readonly string[];
  /** Only where the folder has no manifest: the folders of the repository that have one. */
  readonly toolFolders?: readonly string[];
}
