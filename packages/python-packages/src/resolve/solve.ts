/** Chooses one version of each package: a depth-first search that, at a conflict, goes back to a choice that caused it. */
import { isPocketError, PocketError } from "@toolpocket/core";
import { isMarked } from "../marker.ts";
import type { PythonEnvironment } from "../python-environment.ts";
import type { Requirement } from "../requirement.ts";
import { type Candidate, selectCandidates } from "./candidate.ts";
import type { PackageCatalog } from "./package-catalog.ts";

/** Choices that may fail before it is given up. Each costs a download; sets of packages that fit need a few dozen. */
const MAX_FAILED_CHOICES = 100;

/** A requirement, and whose it is. */
interface Demand {
  readonly requirement: Requirement;
  /** Names of the packages that ask for it; none for the user. */
  readonly from: readonly string[];
}

interface Choice {
  readonly candidate: Candidate;
  readonly requires: readonly Requirement[];
}

interface State {
  readonly choices: ReadonlyMap<string, Choice>;
  /** By the name of what is asked for, in the order in which it was first asked for. */
  readonly demands: ReadonlyMap<string, readonly Demand[]>;
}

/** The packages whose choices cannot stand together. */
interface Conflict {
  readonly names: ReadonlySet<string>;
}

type Extended = State | Conflict;

interface Search {
  readonly catalog: PackageCatalog;
  readonly markers: Readonly<Record<string, string>>;
  /** What was found to fail: a candidate together with these other choices; with none, it never works. */
  readonly failures: Map<Candidate, (readonly Candidate[])[]>;
  failed: number;
  /** The first reason that was met: it is about the newest versions, which is what the user has in mind. */
  reason: PocketError | undefined;
}

/**
 * One candidate of each package that is needed, in the order of first need.
 * @throws PocketError ERR_POCKET_PACKAGE_CONFLICT, ERR_POCKET_PACKAGE_NOT_FOUND; what the catalog throws
 */
export async function solve(
  requirements: readonly Requirement[],
  { catalog, environment }: { catalog: PackageCatalog; environment: PythonEnvironment },
): Promise<readonly Candidate[]> {
  const search: Search = { catalog, markers: environment.markers, failures: new Map(), failed: 0, reason: undefined };
  const wanted = requirements.filter(({ marker }) => isMarked(marker, search.markers));
  for (const { name } of wanted) catalog.prepare(name);
  // What the user asks for himself is refused for its own reason, the first of it first.
  for (const { name } of wanted) await catalog.list(name);
  const start: State = { choices: new Map(), demands: new Map() };
  const found = await choose(
    search,
    wanted.reduce((state, requirement) => demand(state, { requirement, from: [] }), start),
  );
  if ("names" in found) throw search.reason ?? tooComplex(search);
  return [...found.demands.keys()].flatMap((name) => found.choices.get(name)?.candidate ?? []);
}

async function choose(search: Search, state: State): Promise<Extended> {
  const name = [...state.demands.keys()].find((key) => !state.choices.has(key));
  if (name === undefined) return state;
  const demands = state.demands.get(name) ?? [];
  const candidates = await listFor(search, name, demands);
  const hopeless = demands.find(
    ({ requirement }) => selectCandidates(candidates, [requirement.specifier]).length === 0,
  );
  const names = new Set((hopeless === undefined ? demands : [hopeless]).flatMap(({ from }) => from));
  for (const candidate of select(search, name, { candidates, demands })) {
    const result = await tryCandidate(search, state, candidate);
    if (!("names" in result)) return result;
    // Another version of this package would not help: go back to one that has to do with it.
    if (!result.names.has(name)) return result;
    for (const other of result.names) if (other !== name) names.add(other);
  }
  return { names };
}

async function tryCandidate(search: Search, state: State, candidate: Candidate): Promise<Extended> {
  const { name } = candidate;
  const known = search.failures
    .get(candidate)
    ?.find((others) => others.every((other) => state.choices.get(other.name)?.candidate === other));
  if (known !== undefined) return { names: new Set([name, ...known.map((other) => other.name)]) };
  const requires = await readUsable(search, candidate);
  if (requires === undefined) return fail(search, state, candidate, []);
  const extended = extend(search, state, { candidate, requires });
  const result = "names" in extended ? extended : await choose(search, extended);
  return "names" in result && result.names.has(name) ? fail(search, state, candidate, [...result.names]) : result;
}

/** Keeps what was learned: with these choices of other packages the candidate fails, whatever else is chosen. */
function fail(search: Search, state: State, candidate: Candidate, names: readonly string[]): Conflict {
  const others = names.flatMap((name) => (name === candidate.name ? [] : (state.choices.get(name)?.candidate ?? [])));
  if (++search.failed > MAX_FAILED_CHOICES) throw tooComplex(search);
  search.failures.set(candidate, [...(search.failures.get(candidate) ?? []), others]);
  return { names: new Set([candidate.name, ...names]) };
}

/** All versions; none, with the reason kept, where the package cannot be had. */
async function listFor(search: Search, name: string, demands: readonly Demand[]): Promise<readonly Candidate[]> {
  try {
    return await search.catalog.list(name);
  } catch (error) {
    // Another version of who asks for it may do without.
    if (!isPocketError(error) || error.code !== "ERR_POCKET_PACKAGE_NOT_FOUND") throw error;
    search.reason ??= neededBy(error, demands);
    return [];
  }
}

interface Selection {
  readonly candidates: readonly Candidate[];
  readonly demands: readonly Demand[];
}

/** The versions that everyone who asks takes; none, with the reason kept, where there are none. */
function select(search: Search, name: string, { candidates, demands }: Selection): readonly Candidate[] {
  const fitting = selectCandidates(
    candidates,
    demands.map(({ requirement }) => requirement.specifier),
  );
  if (fitting.length === 0) search.reason ??= noVersion(name, demands, candidates);
  return fitting;
}

/** What the candidate requires; undefined where its wheel cannot be used and an older one may. */
async function readUsable(search: Search, candidate: Candidate): Promise<readonly Requirement[] | undefined> {
  try {
    return await search.catalog.readRequirements(candidate);
  } catch (error) {
    if (!isPocketError(error) || error.code !== "ERR_POCKET_PACKAGE_INVALID") throw error;
    search.reason ??= error;
    return undefined;
  }
}

function extend(search: Search, state: State, choice: Choice): Extended {
  const { name } = choice.candidate;
  const chosen = { ...state, choices: new Map(state.choices).set(name, choice) };
  const extras = extrasOf(state.demands.get(name) ?? []);
  return addRequired(search, chosen, { choice, extras, before: undefined, from: [name] });
}

interface Required {
  readonly choice: Choice;
  readonly extras: readonly string[];
  /** The extras that were asked for before; undefined where nothing was, not even the package. */
  readonly before: readonly string[] | undefined;
  readonly from: readonly string[];
}

/** Adds what the choice requires with these extras, and did not before. */
function addRequired(search: Search, state: State, { choice, extras, before, from }: Required): Extended {
  let next = state;
  for (const requirement of choice.requires) {
    const isNew = before === undefined || !isMarked(requirement.marker, search.markers, before);
    if (!isNew || !isMarked(requirement.marker, search.markers, extras)) continue;
    const added = addDemand(search, next, { requirement, from });
    if ("names" in added) return added;
    next = added;
  }
  return next;
}

function addDemand(search: Search, state: State, asked: Demand): Extended {
  const { name, extras } = asked.requirement;
  const earlier = state.demands.get(name) ?? [];
  const next = demand(state, asked);
  const choice = state.choices.get(name);
  if (choice === undefined) {
    search.catalog.prepare(name);
    return next;
  }
  const demands = [...earlier, asked];
  if (selectCandidates([choice.candidate], [asked.requirement.specifier]).length === 0) {
    search.reason ??= contradiction(name, demands, choice.candidate);
    return { names: new Set([name, ...asked.from]) };
  }
  const before = extrasOf(earlier);
  if (extras.every((extra) => before.includes(extra))) return next;
  const from = [...new Set([name, ...asked.from])];
  return addRequired(search, next, { choice, extras: extrasOf(demands), before, from });
}

function demand(state: State, asked: Demand): State {
  const { name } = asked.requirement;
  return { ...state, demands: new Map(state.demands).set(name, [...(state.demands.get(name) ?? []), asked]) };
}

function extrasOf(demands: readonly Demand[]): readonly string[] {
  return [...new Set(demands.flatMap(({ requirement }) => requirement.extras))];
}

function noVersion(name: string, demands: readonly Demand[], candidates: readonly Candidate[]): PocketError {
  const all = [...new Set(candidates.map(({ version }) => version))];
  const versions = all.slice(0, 5);
  const more = all.length > versions.length ? ", …" : "";
  return conflict(
    `no version of ${name} is taken by all: ${describe(demands)}; there are ${versions.join(", ")}${more}`,
    {
      package: name,
    },
  );
}

function contradiction(name: string, demands: readonly Demand[], chosen: Candidate): PocketError {
  return conflict(`no versions fit together around ${name}: ${describe(demands)}; ${chosen.version} was chosen`, {
    package: name,
  });
}

function describe(demands: readonly Demand[]): string {
  return demands
    .map(({ requirement, from }) => {
      const who = from.length === 0 ? "you ask" : `${from.join(" with ")} asks`;
      return `${who} for ${requirement.text.split(";", 1)[0]?.trim() ?? ""}`;
    })
    .join(", ");
}

function neededBy(error: PocketError, demands: readonly Demand[]): PocketError {
  const from = demands.flatMap((asked) => asked.from);
  if (from.length === 0) return error;
  return new PocketError(error.code, `${error.message}; needed by ${from.join(", ")}`, {
    ...(error.hint !== undefined && { hint: error.hint }),
    details: { ...error.details, neededBy: from },
    cause: error,
  });
}

function conflict(message: string, details: Record<string, unknown>): PocketError {
  return new PocketError("ERR_POCKET_PACKAGE_CONFLICT", message, {
    hint: "loosen one of these requirements, or ask for fewer packages",
    details,
  });
}

function tooComplex({ reason, failed }: Search): PocketError {
  const first = reason === undefined ? "" : `; the newest do not, because ${reason.message}`;
  return conflict(`no versions that fit together were found among ${failed}${first}`, { tried: failed });
}
