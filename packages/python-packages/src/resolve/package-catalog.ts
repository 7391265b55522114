/** What all sources together have of packages: each asked once, candidates and what they require. */
import { isPocketError, nearestHint, type PocketError } from "@toolpocket/core";
import { invalidRequires, packageNotFound, refuseWheel, unfitPython, wrongContent } from "../package-failure.ts";
import type { PythonEnvironment } from "../python-environment.ts";
import { parseRequirement, type Requirement } from "../requirement.ts";
import type { PackageListing, PackageSource } from "../sources/package-source.ts";
import { readWheelMetadata } from "../wheel/check-wheel.ts";
import { type PackageMetadata, parseMetadata } from "../wheel/metadata.ts";
import { digestOf, type WheelStore } from "../wheel/wheel-store.ts";
import { type Candidate, explainUnfit, fitsRequiresPython, listCandidates } from "./candidate.ts";

export interface CatalogSource {
  readonly source: PackageSource;
  /** Its versions go before newer ones of other sources. */
  readonly isFirst: boolean;
}

export interface PackageCatalog {
  /** Begins to ask for a package that will be needed; never fails. */
  prepare(name: string): void;
  /**
   * Newest first, at least one.
   * @throws PocketError ERR_POCKET_PACKAGE_NOT_FOUND in the sources' own words; what asking them throws
   */
  list(name: string): Promise<readonly Candidate[]>;
  /** @throws PocketError ERR_POCKET_PACKAGE_INVALID where its METADATA cannot be read; what fetching it throws */
  readRequirements(candidate: Candidate): Promise<readonly Requirement[]>;
}

export interface CatalogOptions {
  readonly sources: readonly CatalogSource[];
  readonly environment: PythonEnvironment;
  readonly wheels: WheelStore;
  readonly signal: AbortSignal;
  /** Names for "did you mean". */
  readonly knownNames: readonly string[];
}

export function createPackageCatalog(options: CatalogOptions): PackageCatalog {
  const listings = new Map<string, Promise<readonly Candidate[]>>();
  const requirements = new Map<Candidate, Promise<readonly Requirement[]>>();
  const list = (name: string): Promise<readonly Candidate[]> => {
    const known = listings.get(name) ?? findCandidates(name, options);
    listings.set(name, known);
    return known;
  };
  return {
    prepare: (name) => void list(name).catch(() => undefined),
    list,
    readRequirements(candidate) {
      const known = requirements.get(candidate) ?? readDependencies(candidate, options);
      requirements.set(candidate, known);
      return known;
    },
  };
}

async function findCandidates(name: string, options: CatalogOptions): Promise<readonly Candidate[]> {
  const answers = await Promise.all(
    options.sources.map(async ({ source, isFirst }) => ({
      isFirst,
      place: source.label,
      answer: await source.find(name, options.signal),
    })),
  );
  const listed = answers.flatMap(({ isFirst, place, answer }) =>
    typeof answer === "string" ? [] : [{ isFirst, place, listing: answer }],
  );
  const candidates = listCandidates(name, listed, options.environment);
  if (candidates.length > 0) return candidates;
  throw listed.length === 0 ? unknownPackage(name, answers, options) : unfitPackage(name, listed, options);
}

function unknownPackage(
  name: string,
  answers: readonly { readonly place: string; readonly answer: PackageListing | string }[],
  { knownNames }: CatalogOptions,
): PocketError {
  const reasons = answers.map(({ place, answer }) => `${place}: ${typeof answer === "string" ? answer : "nothing"}`);
  const near = nearestHint(name, knownNames).replace(/^, /u, "");
  return packageNotFound(
    name,
    `no such package (${reasons.join("; ") || "no source was named"})`,
    near || "check the name of the package",
    {
      reasons,
    },
  );
}

function unfitPackage(
  name: string,
  listed: readonly { readonly listing: PackageListing }[],
  { environment }: CatalogOptions,
): PocketError {
  const reason = explainUnfit(
    listed.map(({ listing }) => listing),
    environment,
  );
  return packageNotFound(
    name,
    reason,
    "choose a package in pure Python, or build a wheel of it (`pip wheel`, or `pyodide build` for compiled code) and add its folder as `wheels` in [python] of settings.toml",
  );
}

async function readDependencies(candidate: Candidate, options: CatalogOptions): Promise<readonly Requirement[]> {
  const texts = candidate.listed.dependencies ?? (await readMetadata(candidate, options));
  return texts.map((text) => {
    try {
      return parseRequirement(text);
    } catch (error) {
      if (!isPocketError(error)) throw error;
      throw invalidRequires(candidate.listed.fileName, text, error);
    }
  });
}

/** From beside the wheel where the source serves it, else out of the wheel, which will be needed anyway. */
async function readMetadata(candidate: Candidate, options: CatalogOptions): Promise<readonly string[]> {
  const { fileName } = candidate.listed;
  const { version: python } = options.environment;
  const { requires, requiresPython } = await describeCandidate(candidate, options);
  if (!fitsRequiresPython(requiresPython, python)) throw unfitPython(fileName, requiresPython ?? "", python);
  return requires;
}

async function describeCandidate(
  { listed, place }: Candidate,
  { wheels, signal }: CatalogOptions,
): Promise<PackageMetadata> {
  const { fileName, metadata } = listed;
  if (metadata === undefined) {
    const { content } = await wheels.take({ ...listed, place }, signal);
    return readWheelMetadata(fileName, content);
  }
  const content = await metadata.fetch(signal);
  const found = digestOf(content);
  if (metadata.digest !== undefined && metadata.digest !== found) {
    throw wrongContent(`${fileName}.metadata`, place, { expected: metadata.digest, found });
  }
  const described = parseMetadata(content);
  if (described === undefined) throw refuseWheel(`${fileName}.metadata`, "holds no name and no version");
  return described;
}
