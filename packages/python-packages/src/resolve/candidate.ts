/** Candidates: the versions of a package that could be installed, each with its best wheel. */
import { isInstallable } from "@toolpocket/core";
import { quoteForeign } from "../package-failure.ts";
import {
  compareNewestFirst,
  fitsSpecifier,
  isPrerelease,
  isSpecifier,
  isVersion,
  namesExactly,
  namesPrerelease,
} from "../package-version.ts";
import type { PythonEnvironment } from "../python-environment.ts";
import type { ListedWheel, PackageListing } from "../sources/package-source.ts";

export interface Candidate {
  /** Normalized. */
  readonly name: string;
  readonly version: string;
  readonly listed: ListedWheel;
  /** The source's label. */
  readonly place: string;
}

/** Every installable version, one of each: those of earlier sources before later ones only where the source is `first`. */
export function listCandidates(
  name: string,
  listings: readonly { readonly place: string; readonly isFirst: boolean; readonly listing: PackageListing }[],
  { version: python }: PythonEnvironment,
): readonly Candidate[] {
  const groups = listings.map(({ place, isFirst, listing }) => {
    const fitting = listing.wheels.filter(
      (listed) => fitsRequiresPython(listed.requiresPython, python) && isInstallable(listed.wheel),
    );
    return { isFirst, candidates: bestOfEach(fitting).map((listed) => toCandidate(name, listed, place)) };
  });
  const own = groups.filter(({ isFirst }) => isFirst).flatMap(({ candidates }) => candidates.toSorted(newestFirst));
  const others = groups.filter(({ isFirst }) => !isFirst).flatMap(({ candidates }) => candidates);
  // Sorting is stable: of one version, the earlier source's stands first.
  return [...own, ...others.toSorted(newestFirst)];
}

/** The candidates that all specifiers take. Pre-releases and withdrawn versions only where they are wanted. */
export function selectCandidates(
  candidates: readonly Candidate[],
  specifiers: readonly string[],
): readonly Candidate[] {
  const fitting = candidates.filter(
    ({ version, listed }) =>
      specifiers.every((specifier) => fitsSpecifier(version, specifier)) &&
      (listed.yanked === undefined || specifiers.some((specifier) => namesExactly(specifier, version))),
  );
  if (specifiers.some(namesPrerelease)) return fitting;
  const finals = fitting.filter(({ version }) => !isPrerelease(version));
  return finals.length > 0 ? finals : fitting;
}

/** Why none of what the sources list can be installed, for a message. */
export function explainUnfit(listings: readonly PackageListing[], { version, platformTag }: PythonEnvironment): string {
  const wheels = listings.flatMap((listing) => listing.wheels);
  const others = listings.flatMap((listing) => listing.others);
  const installable = wheels.filter(({ wheel }) => isInstallable(wheel));
  if (installable.length > 0) {
    const asked = installable.find(({ requiresPython }) => requiresPython !== undefined)?.requiresPython ?? "";
    return `every version asks for another Python: ${quoteForeign(asked)}, and Pyodide's is ${version}`;
  }
  if (wheels.length > 0) {
    const newest = wheels.filter(({ wheel }) => isVersion(wheel.version)).toSorted(newestWheelFirst);
    const tags = new Set(
      newest.map(
        ({ wheel }) => `${wheel.pythonTags.join(".")}-${wheel.abiTags.join(".")}-${wheel.platformTags.join(".")}`,
      ),
    );
    const shown = [...tags].slice(0, 3).map((tag) => quoteForeign(tag, 80));
    const more = tags.size > shown.length ? ` and ${tags.size - shown.length} more` : "";
    return `it holds compiled code, and no wheel of it is for Pyodide (py3-none-any or ${platformTag}): there are ${shown.join(", ")}${more}`;
  }
  const [archive] = others.slice(-1);
  if (archive === undefined) return "it has no files";
  // A name and a version are all that is needed to tell which wheel would do.
  const stem = quoteForeign(archive.replace(/\.(?:tar\.\w+|tgz|zip)$/u, ""), 80);
  const python = `cp${version.split(".").slice(0, 2).join("")}`;
  const missing = `${stem}-py3-none-any.whl or ${stem}-${python}-${python}-${platformTag}.whl`;
  return `there is only its source (${quoteForeign(archive, 80)}), which is not built here; ${missing} is missing`;
}

/** Whether a package of that `Requires-Python` runs there. */
export function fitsRequiresPython(requiresPython: string | undefined, python: string): boolean {
  const specifier = requiresPython?.trim() ?? "";
  // What nobody can read is no reason to refuse: the wheel's tags say what it is built for.
  return !isSpecifier(specifier) || fitsSpecifier(python, specifier);
}

function bestOfEach(wheels: readonly ListedWheel[]): readonly ListedWheel[] {
  const best = new Map<string, ListedWheel>();
  for (const listed of wheels) {
    const { version } = listed.wheel;
    if (!isVersion(version)) continue;
    const other = best.get(version);
    if (other === undefined || rank(listed) > rank(other)) best.set(version, listed);
  }
  return [...best.values()];
}

/** What was compiled for Pyodide is what its author wants there. */
function rank({ wheel }: ListedWheel): number {
  return wheel.platformTags.includes("any") ? 0 : 1;
}

function toCandidate(name: string, listed: ListedWheel, place: string): Candidate {
  return { name, version: listed.wheel.version, listed, place };
}

function newestFirst(a: Candidate, b: Candidate): number {
  return compareNewestFirst(a.version, b.version);
}

function newestWheelFirst(a: ListedWheel, b: ListedWheel): number {
  return compareNewestFirst(a.wheel.version, b.wheel.version);
}
