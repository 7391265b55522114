/** Fetches the content of a remote source: as the lock pins it, or as it is now. */
import type { RemoteSource } from "../source/source.ts";
import type { RemoteContent } from "./fetch-tools.ts";
import type { RemoteLockEntry } from "./lock-entry.ts";
import type { LockContext } from "./lock-context.ts";
import { contentMismatch } from "./content-mismatch.ts";

/**
 * The content, kept in the store. With an entry it is that of the entry, whatever the reference stands for now.
 * @throws PocketError as `ModuleFetcher.fetchContent`, ERR_POCKET_STORE
 */
export async function fetchRemote(
  { modules, store }: LockContext,
  { kind, url }: RemoteSource,
  pinned?: { readonly entry: RemoteLockEntry; readonly repaired: boolean },
): Promise<RemoteContent> {
  const { entry, repaired = false } = pinned ?? {};
  const { digest, files } = await modules.fetchContent(url, entry === undefined ? {} : { digest: entry.digest });
  const integrity = await store.writeTree(files);
  if (entry !== undefined && integrity !== entry.integrity) throw contentMismatch(url, entry, integrity);
  return { kind: "remote", resolution: { kind, url, digest }, integrity, files, repaired, ...(entry && { entry }) };
}
