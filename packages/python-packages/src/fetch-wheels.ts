/** Fetches pinned wheels: out of the store, else from the source that has a file of that name and digest. */
import { PocketError } from "@toolpocket/core";
import { packageNotFound } from "./package-failure.ts";
import { type PackageOptions, type ResolvedPackageOptions, resolvePackageOptions } from "./package-options.ts";
import { normalizeName } from "./package-name.ts";
import type { FetchedWheel, PinnedWheel } from "./pinned-wheel.ts";
import type { CatalogSource } from "./resolve/package-catalog.ts";
import { openSources } from "./sources/open-sources.ts";
import type { ListedWheel } from "./sources/package-source.ts";
import { createWheelStore, type WheelStore } from "./wheel/wheel-store.ts";

/**
 * The content of each, in the same order. What the store has is not asked for. The first that fails stops the others.
 * @throws PocketError ERR_POCKET_PACKAGE_NOT_FOUND, _INTEGRITY, _PACKAGE_REFUSED, _SOURCE_UNREACHABLE, _FETCH_TIMEOUT,
 * _OFFLINE; or the signal's reason
 */
export async function fetchWheels(
  pinned: readonly PinnedWheel[],
  options: PackageOptions,
): Promise<readonly FetchedWheel[]> {
  const resolved = resolvePackageOptions(options);
  const wheels = createWheelStore(resolved.store, resolved.limits);
  const failed = new AbortController();
  const signal = AbortSignal.any([resolved.signal, failed.signal]);
  let sources: readonly CatalogSource[] | undefined;
  const open = (): readonly CatalogSource[] => (sources ??= openSources(resolved));
  return Promise.all(
    pinned.map(async (pin) => {
      try {
        return { ...pin, content: await fetchOne(pin, { wheels, open, options: resolved, signal }) };
      } catch (error) {
        failed.abort(error);
        throw error;
      }
    }),
  );
}

interface Fetching {
  readonly wheels: WheelStore;
  readonly open: () => readonly CatalogSource[];
  readonly options: ResolvedPackageOptions;
  readonly signal: AbortSignal;
}

async function fetchOne(pin: PinnedWheel, { wheels, open, options, signal }: Fetching): Promise<Uint8Array> {
  const { fileName, digest } = pin;
  const stored = await wheels.read(digest);
  if (stored !== null) return stored;
  for (const { source } of open()) {
    const listed = await findListed(pin, source, signal);
    if (listed === undefined) continue;
    options.onProgress({ stage: "fetch", subject: fileName, state: "start" });
    const { content } = await wheels.take({ fileName, digest, place: source.label, fetch: listed.fetch }, signal);
    options.onProgress({ stage: "fetch", subject: fileName, state: "done" });
    return content;
  }
  throw options.offline ? offlineError(fileName) : gone(pin, open());
}

/** The file of that name; one that is said to have another digest is another file. */
async function findListed(
  { name, fileName, digest }: PinnedWheel,
  source: CatalogSource["source"],
  signal: AbortSignal,
): Promise<ListedWheel | undefined> {
  const listing = await source.find(normalizeName(name), signal);
  if (typeof listing === "string") return undefined;
  return listing.wheels.find((other) => other.fileName === fileName && (other.digest ?? digest) === digest);
}

function gone({ name, fileName, digest }: PinnedWheel, sources: readonly CatalogSource[]): PocketError {
  const places = sources.map(({ source }) => source.label).join(", ");
  return packageNotFound(
    name,
    `${fileName} with ${digest} is at none of its sources any more (${places})`,
    "run `pocket lock update` to choose another version",
    { file: fileName },
  );
}

function offlineError(fileName: string): PocketError {
  return new PocketError("ERR_POCKET_OFFLINE", `${fileName} is not in the store, and nothing is fetched offline`, {
    hint: "run `pocket lock sync` once with a network",
    details: { file: fileName },
  });
}
