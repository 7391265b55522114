/** Resolves requirements to pinned wheels: the stages from what was asked for to what would be installed. */
import { PocketError } from "@toolpocket/core";
import { isMarked } from "./marker.ts";
import { type PackageOptions, type ResolvedPackageOptions, resolvePackageOptions } from "./package-options.ts";
import type { PinnedWheel } from "./pinned-wheel.ts";
import { describeEnvironment, readInstalledDistribution } from "./python-environment.ts";
import { parseRequirement } from "./requirement.ts";
import type { Candidate } from "./resolve/candidate.ts";
import { createPackageCatalog } from "./resolve/package-catalog.ts";
import { solve } from "./resolve/solve.ts";
import { openSources } from "./sources/open-sources.ts";
import { createWheelStore, type WheelStore } from "./wheel/wheel-store.ts";

/**
 * The wheels that the requirements and all that they require need in Pyodide, sorted by name. With the same sources
 * the same requirements give the same wheels. What has to be fetched to know its digest is kept in the store.
 * @throws PocketError ERR_POCKET_PACKAGE_INVALID, _PACKAGE_NOT_FOUND, _PACKAGE_CONFLICT, _PACKAGE_REFUSED,
 * _SOURCE_UNREACHABLE, _FETCH_TIMEOUT, _INTEGRITY, _OFFLINE, _SETTINGS_INVALID; or the signal's reason. Of several
 * requirements that cannot be had, the first.
 */
export async function resolvePackages(
  requirements: readonly string[],
  options: PackageOptions,
): Promise<readonly PinnedWheel[]> {
  const resolved = resolvePackageOptions(options);
  const { lock } = readInstalledDistribution();
  const environment = describeEnvironment(lock);
  const wanted = requirements.map(parseRequirement).filter(({ marker }) => isMarked(marker, environment.markers));
  if (wanted.length === 0) return [];
  const sources = openSources(resolved);
  if (sources.length === 0) throw noSources(resolved, requirements);
  const wheels = createWheelStore(resolved.store, resolved.limits);
  const { signal, onProgress } = resolved;
  const knownNames = Object.keys(lock.packages);
  const subject = requirements.join(" ");
  onProgress({ stage: "packages", subject, state: "start" });
  try {
    const catalog = createPackageCatalog({ sources, environment, wheels, signal, knownNames });
    const chosen = await solve(wanted, { catalog, environment });
    const pinned = await Promise.all(chosen.map((candidate) => pin(candidate, wheels, signal)));
    onProgress({ stage: "packages", subject, state: "done" });
    return pinned.toSorted((a, b) => (a.fileName < b.fileName ? -1 : 1));
  } catch (error) {
    onProgress({ stage: "packages", subject, state: "failed" });
    throw error;
  }
}

async function pin({ listed, place }: Candidate, wheels: WheelStore, signal: AbortSignal): Promise<PinnedWheel> {
  const { fileName, wheel } = listed;
  const digest = listed.digest ?? (await wheels.take({ ...listed, place }, signal)).digest;
  return { name: wheel.distribution, version: wheel.version, digest, fileName };
}

function noSources({ offline }: ResolvedPackageOptions, requirements: readonly string[]): PocketError {
  return new PocketError(
    offline ? "ERR_POCKET_OFFLINE" : "ERR_POCKET_PACKAGE_NOT_FOUND",
    `there is no source to find ${requirements.join(", ")} in`,
    {
      hint: offline ? "run once without `offline`, or name a folder of wheels" : "name an index or a folder of wheels",
      details: { requirements },
    },
  );
}
