/** The git fetcher: trees of any number of repositories, fetched in parallel, each repository once. */
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { clearTimeout, setTimeout as startTimer } from "node:timers";
import { setTimeout } from "node:timers/promises";
import { PocketError } from "../errors.ts";
import type { ProgressEvent } from "../pocket-options.ts";
import { formatSource } from "../source/format-source.ts";
import { toStoreError } from "../store/store-failure.ts";
import type { Store } from "../store/store.ts";
import { refuseTree, resolveTreeLimits, type TreeLimits } from "../store/tree-rules.ts";
import type { FetchedTree, WantedTree } from "./fetched-tree.ts";
import { withFolderSizeLimit } from "./folder-size-limit.ts";
import type { GitSession } from "./git-session.ts";
import { resolvePinned } from "./resolve-wanted.ts";
import { readIndexedTree } from "./tree-index.ts";

/** All work on one repository, in milliseconds. */
export const DEFAULT_FETCH_TIMEOUT_MS = 300_000;
/** What one repository may take of the disk while it is fetched, in bytes. */
export const DEFAULT_MAX_FETCH_BYTES = 1_073_741_824;
/** What an aborted fetch is waited for: an ssh that hangs does not end with its git. */
const ABORT_GRACE_MS = 2_000;
/** Repositories that are fetched at a time. */
const PARALLEL_REPOSITORIES = 8;

export interface GitFetcherOptions extends TreeLimits {
  store: Store;
  /** Give what the store has, and ask no server. @defaultValue false */
  offline?: boolean;
  /** @defaultValue DEFAULT_FETCH_TIMEOUT_MS */
  timeoutMs?: number;
  /** @defaultValue DEFAULT_MAX_FETCH_BYTES */
  maxFetchBytes?: number;
  onProgress?: (event: ProgressEvent) => void;
  signal?: AbortSignal;
}

export interface GitFetcher {
  /**
   * One outcome for each of `wanted`, in their order; one that fails does not hold up the others. The reasons are
   * `PocketError`s: ERR_POCKET_SOURCE_UNREACHABLE, _REF_NOT_FOUND, _PATH_NOT_FOUND, _TREE_REFUSED, _FETCH_TIMEOUT,
   * _GIT_MISSING, _OFFLINE or _STORE; or the signal's reason.
   */
  fetch(wanted: readonly WantedTree[]): Promise<PromiseSettledResult<FetchedTree>[]>;
}

export function createGitFetcher(options: GitFetcherOptions): GitFetcher {
  return {
    async fetch(wanted) {
      options.signal?.throwIfAborted();
      return options.offline === true ? takeOffline(wanted, options.store) : fetchOnline(wanted, options);
    },
  };
}

async function takeOffline(wanted: readonly WantedTree[], store: Store): Promise<PromiseSettledResult<FetchedTree>[]> {
  return Promise.allSettled(
    wanted.map(async ({ source, commit }) => {
      const tree = commit === undefined ? null : await readIndexedTree(store, resolvePinned({ source, commit }));
      if (tree !== null) return tree;
      throw new PocketError("ERR_POCKET_OFFLINE", `${formatSource(source)} is not in the store, and offline is set`, {
        hint: "run `pocket lock sync` while you are online",
        details: { url: source.url },
      });
    }),
  );
}

async function fetchOnline(
  wanted: readonly WantedTree[],
  options: GitFetcherOptions,
): Promise<PromiseSettledResult<FetchedTree>[]> {
  if (wanted.length === 0) return [];
  // Loaded here, because who has everything in the store never starts git.
  const { openGitSession } = await import("./git-session.ts");
  const outcomes: PromiseSettledResult<FetchedTree>[] = [];
  await options.store.withScratch(async (scratch) => {
    const session = await openGitSession(scratch, options.signal ?? new AbortController().signal);
    const repositories = Map.groupBy(wanted.entries(), ([, { source }]) => source.url).entries();
    let count = 0;
    const work = async (): Promise<void> => {
      for (const [url, items] of repositories) {
        const folder = await createFolder(join(scratch, String((count += 1))));
        const trees = items.map(([, tree]) => tree);
        const settled = await fetchWithin(url, trees, { session, folder, options });
        for (const [at, outcome] of settled.entries()) outcomes[items[at]?.[0] ?? -1] = outcome;
      }
    };
    await Promise.all(Array.from({ length: PARALLEL_REPOSITORIES }, work));
  });
  options.signal?.throwIfAborted();
  return outcomes;
}

async function createFolder(folder: string): Promise<string> {
  try {
    await mkdir(folder);
    return folder;
  } catch (error) {
    throw toStoreError("create the folder", folder, error);
  }
}

interface RepositoryWork {
  readonly session: GitSession;
  /** The repository's own scratch folder. */
  readonly folder: string;
  readonly options: GitFetcherOptions;
}

/** Fetches one repository within the limits of time and disk. */
async function fetchWithin(
  url: string,
  wanted: readonly WantedTree[],
  { session, folder, options }: RepositoryWork,
): Promise<PromiseSettledResult<FetchedTree>[]> {
  const { store, timeoutMs = DEFAULT_FETCH_TIMEOUT_MS, maxFetchBytes = DEFAULT_MAX_FETCH_BYTES, onProgress } = options;
  const { fetchRepository } = await import("./fetch-repository.ts");
  const limit = new AbortController();
  const timer = startTimer(() => limit.abort(timeoutError(url, timeoutMs)), timeoutMs);
  onProgress?.({ stage: "fetch", subject: url, state: "start" });
  try {
    const signal = AbortSignal.any([session.signal, limit.signal]);
    const work = { session: session.within(folder, signal), store, limits: resolveTreeLimits(options) };
    const outcomes = await withFolderSizeLimit(
      folder,
      { maxBytes: maxFetchBytes, onExceeded: () => limit.abort(sizeError(url, maxFetchBytes)) },
      async () => Promise.race([fetchRepository(url, wanted, work), abandon(wanted, signal)]),
    );
    const isComplete = outcomes.every(({ status }) => status === "fulfilled");
    onProgress?.({ stage: "fetch", subject: url, state: isComplete ? "done" : "failed" });
    return outcomes;
  } finally {
    clearTimeout(timer);
  }
}

/** The outcomes of a fetch that was aborted and does not end. */
async function abandon(
  wanted: readonly WantedTree[],
  signal: AbortSignal,
): Promise<PromiseSettledResult<FetchedTree>[]> {
  if (!signal.aborted) await once(signal, "abort");
  await setTimeout(ABORT_GRACE_MS, undefined, { ref: false });
  return wanted.map(() => ({ status: "rejected", reason: signal.reason }));
}

function timeoutError(url: string, timeoutMs: number): PocketError {
  return new PocketError("ERR_POCKET_FETCH_TIMEOUT", `fetching ${url} took longer than ${timeoutMs} ms`, {
    hint: "try again later, or check your network",
    details: { url, timeoutMs },
  });
}

function sizeError(url: string, maxBytes: number): PocketError {
  return refuseTree(url, `fetching it takes more than ${maxBytes} bytes`, {
    hint: "put the tool into a smaller repository, or on a server that supports partial clones",
  });
}
