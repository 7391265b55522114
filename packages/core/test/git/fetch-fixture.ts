/** What the tests of the fetcher share: a git server, a store of their own, and short ways to fetch and to read. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGitServer, type GitServer, type GitServerOptions } from "@toolpocket/test-kit";
import type { FetchedTree, WantedTree } from "../../src/git/fetched-tree.ts";
import { createGitFetcher, type GitFetcherOptions } from "../../src/git/git-fetcher.ts";
import { parseSource } from "../../src/source/parse-source.ts";
import type { GitSource } from "../../src/source/source.ts";
import { openStore, type Store } from "../../src/store/store.ts";

export interface FetchFixture extends AsyncDisposable {
  readonly server: GitServer;
  readonly home: string;
  readonly store: Store;
  /** Fetches all, in one call. */
  fetch(
    wanted: readonly WantedTree[],
    options?: Partial<GitFetcherOptions>,
  ): Promise<PromiseSettledResult<FetchedTree>[]>;
  /** Fetches one; fails with its reason. */
  fetchOne(
    source: string | GitSource,
    options?: Partial<GitFetcherOptions> & { commit?: string },
  ): Promise<FetchedTree>;
}

export async function createFetchFixture(options?: GitServerOptions): Promise<FetchFixture> {
  const server = await startGitServer(options);
  const home = await mkdtemp(join(tmpdir(), "fetch-store-"));
  const store = openStore({ home });
  const fetch: FetchFixture["fetch"] = async (wanted, more) => createGitFetcher({ store, ...more }).fetch(wanted);
  return {
    server,
    home,
    store,
    fetch,
    async fetchOne(source, { commit, ...more } = {}) {
      const [outcome] = await fetch([want(source, commit)], more);
      if (outcome?.status !== "fulfilled") throw outcome?.reason;
      return outcome.value;
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

export function want(source: string | GitSource, commit?: string): WantedTree {
  const parsed = typeof source === "string" ? parseSource(source, "/") : source;
  if (parsed.kind !== "git") throw new TypeError(`${String(source)} is no git source`);
  return { source: parsed, ...(commit !== undefined && { commit }) };
}

/** The files of a tree as text. */
export function textOf(tree: FetchedTree): Record<string, string> {
  return Object.fromEntries([...tree.files].map(([path, bytes]) => [path, Buffer.from(bytes).toString("utf8")]));
}

/** The code of each outcome that failed, "ok" for the others. */
export function codesOf(outcomes: readonly PromiseSettledResult<unknown>[]): string[] {
  return outcomes.map((outcome) => (outcome.status === "fulfilled" ? "ok" : String(outcome.reason.code)));
}
