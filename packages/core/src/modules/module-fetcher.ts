/** The module fetcher: content behind `https://` and `oci://` references, checked, fetched once, modules kept in the store. */
import { createHash } from "node:crypto";
import { clearTimeout, setTimeout as startTimer } from "node:timers";
import { PocketError } from "../errors.ts";
import type { ProgressEvent } from "../pocket-options.ts";
import type { ToolFiles } from "../program.ts";
import { parseRemoteReference, type RemoteReference } from "../source/remote-reference.ts";
import type { Store } from "../store/store.ts";
import { fetchUrl } from "./fetch-url.ts";
import { createHttpClient, type HttpClient } from "./http-client.ts";
import { type HostDirectory, NO_HOSTS } from "./host-access.ts";
import { digestMismatch, refuseModule, timedOut } from "./module-failure.ts";
import { pullArtifact } from "./oci/pull-artifact.ts";
import { createRegistryClient } from "./oci/registry-client.ts";
import { shareWork } from "./share-work.ts";

/** One module, or the files of one tool together, in bytes. */
export const DEFAULT_MAX_MODULE_BYTES = 104_857_600;
/** One fetch with all its redirects, tokens and layers, in milliseconds. */
export const DEFAULT_MODULE_TIMEOUT_MS = 120_000;

export interface ModuleFetcherOptions {
  store: Store;
  /** What is known of hosts: credentials, authorities. @defaultValue nothing; hosts of this machine speak http */
  hosts?: HostDirectory;
  /** Give what the store has, and ask no server. @defaultValue false */
  offline?: boolean;
  /** @defaultValue DEFAULT_MAX_MODULE_BYTES */
  maxBytes?: number;
  /** @defaultValue DEFAULT_MODULE_TIMEOUT_MS */
  timeoutMs?: number;
  onProgress?: (event: ProgressEvent) => void;
  signal?: AbortSignal;
}

export interface FetchModuleOptions {
  /** `sha256-` and hex that the content has to have. */
  readonly digest?: string;
  /** Whether a tool's manifest named the reference, and not the user: then private addresses are refused. @defaultValue false */
  readonly isForeign?: boolean;
}

/** What a reference stands for. */
export interface FetchedContent {
  /** `sha256-` and hex: of the file behind a URL, of the registry's manifest. */
  readonly digest: string;
  /** A lone module under a name of its own, or the files of a tool. */
  readonly files: ToolFiles;
  /** As server or registry say it, where the content is one module. */
  readonly mediaType?: string;
  /** The reference that always means this content: of a registry, with its digest. */
  readonly resolvedReference: string;
}

export interface FetchedModule {
  readonly bytes: Uint8Array;
  /** `sha256-` and hex of `bytes`. */
  readonly digest: string;
  /** Not known where the module came from the store. */
  readonly mediaType?: string;
  readonly resolvedReference: string;
}

export interface ModuleFetcher {
  /**
   * What the reference stands for now; `digest` is that of the file, or of the registry's manifest. Nothing is written.
   * @throws PocketError ERR_POCKET_SOURCE_INVALID, _SOURCE_UNREACHABLE, _REF_NOT_FOUND, _PATH_NOT_FOUND, _INTEGRITY,
   * _MODULE_REFUSED, _TREE_REFUSED, _FETCH_TIMEOUT, _OFFLINE; or the signal's reason
   */
  fetchContent(reference: string, options?: FetchModuleOptions): Promise<FetchedContent>;
  /**
   * One module, kept in the store; where `digest` is given, which is the module's own, it is taken from there.
   * @throws PocketError as `fetchContent`, ERR_POCKET_STORE
   */
  fetch(reference: string, options?: FetchModuleOptions): Promise<FetchedModule>;
}

export function createModuleFetcher(options: ModuleFetcherOptions): ModuleFetcher {
  const fetchContent: ModuleFetcher["fetchContent"] = async (text, fetch = {}) => {
    options.signal?.throwIfAborted();
    const reference = parseRemoteReference(text);
    if (options.offline === true) throw offlineError(reference.url);
    const key = JSON.stringify([
      reference.url,
      fetch.digest,
      fetch.isForeign === true,
      options.maxBytes,
      options.hosts?.scope,
    ]);
    return shareWork(key, options.signal, async (signal) => fetchOnline(reference, fetch, { ...options, signal }));
  };
  return {
    fetchContent,
    async fetch(text, { digest, isForeign = false } = {}) {
      const { url } = parseRemoteReference(text);
      const stored = digest === undefined ? null : await readStoredModule(options.store, digest);
      if (stored !== null && digest !== undefined) return { bytes: stored, digest, resolvedReference: url };
      const { files, mediaType, resolvedReference } = await fetchContent(text, { isForeign });
      const bytes = findModule(files, url);
      const found = digestBytes(bytes);
      if (digest !== undefined && found !== digest) throw digestMismatch(url, digest, found);
      await options.store.writeBlob(storeKey(found), bytes);
      return { bytes, digest: found, resolvedReference, ...(mediaType !== undefined && { mediaType }) };
    },
  };
}

/**
 * A module out of the store, every byte of it checked; null when it is not there, or damaged.
 * @throws PocketError ERR_POCKET_STORE
 */
export async function readStoredModule(store: Store, digest: string): Promise<Uint8Array | null> {
  const bytes = await store.readBlob(storeKey(digest));
  return bytes !== null && digestBytes(bytes) === digest ? new Uint8Array(bytes) : null;
}

/** `sha256-` and hex. */
export function digestBytes(bytes: Uint8Array): string {
  return `sha256-${createHash("sha256").update(bytes).digest("hex")}`;
}

function storeKey(digest: string): string {
  return `module-${digest}`;
}

function findModule(files: ToolFiles, reference: string): Uint8Array {
  const modules = [...files].filter(([path]) => path.endsWith(".wasm"));
  const [only] = modules;
  if (only !== undefined && modules.length === 1) return only[1];
  throw refuseModule(reference, `has ${modules.length} modules among its files`, "name an artifact of one module");
}

type OnlineOptions = ModuleFetcherOptions & { readonly signal: AbortSignal };

/** Fetches within the limit of time. */
async function fetchOnline(
  reference: RemoteReference,
  { digest, isForeign = false }: FetchModuleOptions,
  options: OnlineOptions,
): Promise<FetchedContent> {
  const { timeoutMs = DEFAULT_MODULE_TIMEOUT_MS, hosts = NO_HOSTS, onProgress } = options;
  const { url } = reference;
  const limit = new AbortController();
  const timer = startTimer(() => limit.abort(timedOut(url, timeoutMs)), timeoutMs);
  const tell = (state: ProgressEvent["state"]): void => onProgress?.({ stage: "fetch", subject: url, state });
  tell("start");
  try {
    const signal = AbortSignal.any([options.signal, limit.signal]);
    await using http = createHttpClient({ reference: url, hosts, isTrusted: !isForeign, signal });
    const content = await fetchWith(http, reference, {
      digest,
      maxBytes: options.maxBytes ?? DEFAULT_MAX_MODULE_BYTES,
    });
    tell("done");
    return content;
  } catch (error) {
    tell("failed");
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

interface ContentLimits {
  readonly digest: string | undefined;
  readonly maxBytes: number;
}

async function fetchWith(
  http: HttpClient,
  reference: RemoteReference,
  { digest, maxBytes }: ContentLimits,
): Promise<FetchedContent> {
  if (reference.kind === "url") {
    const { name, bytes, mediaType } = await fetchUrl(http, new URL(reference.url), maxBytes);
    const found = digestBytes(bytes);
    if (digest !== undefined && found !== digest) throw digestMismatch(reference.url, digest, found);
    const content = { digest: found, files: new Map([[name, bytes]]), resolvedReference: reference.url };
    return mediaType === undefined ? content : { ...content, mediaType };
  }
  const wanted = digest?.replace("-", ":");
  if (wanted !== undefined && reference.digest !== undefined && wanted !== reference.digest) {
    throw digestMismatch(reference.url, wanted, reference.digest);
  }
  const client = createRegistryClient(http, reference, "pull");
  const pulled = await pullArtifact(client, { maxBytes, ...(wanted !== undefined && { digest: wanted }) });
  const resolvedReference = reference.digest === undefined ? `${reference.url}@${pulled.digest}` : reference.url;
  return { ...pulled, digest: pulled.digest.replace(":", "-"), resolvedReference };
}

function offlineError(reference: string): PocketError {
  return new PocketError("ERR_POCKET_OFFLINE", `${reference} is not in the store, and offline is set`, {
    hint: "run `pocket lock sync` while you are online",
    details: { reference },
  });
}
