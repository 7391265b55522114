/** The choice of versions: what fits together is found, what does not is told. */
import { isPocketError, parseWheelName } from "@toolpocket/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isMarked } from "../../src/marker.ts";
import { packageNotFound } from "../../src/package-failure.ts";
import { compareNewestFirst, fitsSpecifier } from "../../src/package-version.ts";
import { describeEnvironment, readInstalledDistribution } from "../../src/python-environment.ts";
import { parseRequirement, type Requirement } from "../../src/requirement.ts";
import type { Candidate } from "../../src/resolve/candidate.ts";
import type { PackageCatalog } from "../../src/resolve/package-catalog.ts";
import { solve } from "../../src/resolve/solve.ts";

/** Requirements by version, by name. */
type World = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const environment = describeEnvironment(readInstalledDistribution().lock);

function openWorld(world: World): PackageCatalog {
  const candidates = new Map(
    Object.entries(world).map(([name, versions]) => [
      name,
      Object.keys(versions)
        .toSorted(compareNewestFirst)
        .map((version) => toCandidate(name, version)),
    ]),
  );
  return {
    prepare: () => undefined,
    async list(name) {
      const found = candidates.get(name);
      if (found === undefined) throw packageNotFound(name, "no such package", "check the name");
      return found;
    },
    readRequirements: async ({ name, version }) => (world[name]?.[version] ?? []).map(readOnce),
  };
}

function toCandidate(name: string, version: string): Candidate {
  const fileName = `${name}-${version}-py3-none-any.whl`;
  const wheel = parseWheelName(fileName);
  if (wheel === undefined) throw new Error(fileName);
  const yanked = version.startsWith("9") ? { yanked: "" } : {};
  return { name, version, place: "test", listed: { fileName, wheel, ...yanked, fetch: async () => new Uint8Array() } };
}

async function choose(world: World, ...wanted: readonly string[]): Promise<readonly string[]> {
  const chosen = await solve(wanted.map(parseRequirement), { catalog: openWorld(world), environment });
  return chosen.map(({ name, version }) => `${name} ${version}`);
}

test("solve() takes the newest of each, and what they require", async () => {
  const world = { a: { "1": [], "2": ["b<2"] }, b: { "1": ["c"], "2": [] }, c: { "1": [] } };
  await expect(choose(world, "a")).resolves.toEqual(["a 2", "b 1", "c 1"]);
});

test("solve() goes back to the choice that caused a conflict", async () => {
  const world = {
    a: { "1": [], "2": [], "3": ["c>=2"] },
    b: { "1": ["c<2"] },
    c: { "1": [], "2": [] },
    x: { "1": [], "2": [] },
  };
  await expect(choose(world, "a", "x", "b")).resolves.toEqual(["a 2", "x 2", "b 1", "c 1"]);
});

test("solve() takes an older version where a newer needs what is not there", async () => {
  await expect(choose({ a: { "1": [], "2": ["missing"] } }, "a")).resolves.toEqual(["a 1"]);
});

test("solve() follows extras, also of what was chosen before they were asked for", async () => {
  const world = {
    a: { "1": ["s; extra == 'secure'", "b"] },
    b: { "1": ["a[secure]"] },
    s: { "1": ["t; extra == 'x'"] },
    t: { "1": [] },
  };
  await expect(choose(world, "a")).resolves.toEqual(["a 1", "b 1", "s 1"]);
  await expect(choose(world, "a", "s[x]")).resolves.toEqual(["a 1", "s 1", "b 1", "t 1"]);
});

test("solve() leaves out what is marked for another environment", async () => {
  const world = { a: { "1": ["w; sys_platform == 'win32'", "e; sys_platform == 'emscripten'"] }, e: { "1": [] } };
  await expect(choose(world, "a", "w; python_version < '3'")).resolves.toEqual(["a 1", "e 1"]);
});

test("solve() takes pre-releases and withdrawn versions only where they are asked for", async () => {
  const world = { a: { "1": [], "2b1": [], "9": [] }, onlybeta: { "1b1": [] } };
  await expect(choose(world, "a")).resolves.toEqual(["a 1"]);
  await expect(choose(world, "a>=2b1")).resolves.toEqual(["a 2b1"]);
  await expect(choose(world, "a==9")).resolves.toEqual(["a 9"]);
  await expect(choose(world, "a>1.5")).resolves.toEqual(["a 2b1"]);
  await expect(choose(world, "onlybeta")).resolves.toEqual(["onlybeta 1b1"]);
});

test("solve() ends in circles and names who contradicts whom", async () => {
  const world = { a: { "1": ["b"] }, b: { "1": ["a"], "2": ["a>=2"] }, c: { "1": ["d<1"] }, d: { "1": [] } };
  await expect(choose(world, "a")).resolves.toEqual(["a 1", "b 1"]);
  await expect(choose(world, "c")).rejects.toMatchObject({
    code: "ERR_POCKET_PACKAGE_CONFLICT",
    message: "no version of d is taken by all: c asks for d<1; there are 1",
    hint: expect.stringContaining("loosen"),
  });
  await expect(choose(world, "d", "d>5")).rejects.toMatchObject({
    message: expect.stringContaining("you ask for d>5"),
  });
});

test("solve() names who needs what is not there, and of the user's own the first", async () => {
  const world = { a: { "1": ["missing"] } };
  await expect(choose(world, "a")).rejects.toMatchObject({
    code: "ERR_POCKET_PACKAGE_NOT_FOUND",
    message: "missing: no such package; needed by a",
  });
  await expect(choose(world, "zz", "yy")).rejects.toMatchObject({ message: "zz: no such package" });
});

test("solve() gives up on a world without end, with the first reason", async () => {
  const versions = Array.from({ length: 60 }, (_, index) => String(index + 1));
  const world = {
    a: Object.fromEntries(versions.map((version) => [version, [`b==${version}`]])),
    b: Object.fromEntries(versions.map((version) => [version, [`c==${version}`]])),
    c: Object.fromEntries(versions.map((version) => [version, [`d!=1`]])),
    d: { "1": [] },
  };
  await expect(choose(world, "a")).rejects.toMatchObject({
    code: "ERR_POCKET_PACKAGE_CONFLICT",
    message: expect.stringContaining("c asks for d!=1"),
  });
});

const NAMES = ["a", "b", "c", "d"];
const requirement = fc
  .tuple(fc.constantFrom(...NAMES), fc.constantFrom("", ">=2", "<2", "==1", "!=2", "<=3"))
  .map(([name, specifier]) => `${name}${specifier}`);
const worlds = fc.record(
  Object.fromEntries(
    NAMES.map((name) => [
      name,
      fc.dictionary(fc.constantFrom("1", "2", "3"), fc.array(requirement, { maxLength: 2 }), { minKeys: 1 }),
    ]),
  ),
);

test("solve() finds a choice exactly where there is one, and everything in it fits", async () => {
  await fc.assert(
    fc.asyncProperty(worlds, fc.array(requirement, { minLength: 1, maxLength: 3 }), async (world, wanted) => {
      const found = await solve(wanted.map(parseRequirement), { catalog: openWorld(world), environment }).then(
        (chosen) => Object.fromEntries(chosen.map(({ name, version }) => [name, version])),
        (error: unknown) => (isPocketError(error) ? error.code : error),
      );
      const isRight =
        typeof found === "object" && found !== null && !(found instanceof Error)
          ? fits(world, wanted, found as Record<string, string>)
          : found === "ERR_POCKET_PACKAGE_CONFLICT" && !existsChoice(world, wanted);
      expect({ isRight, found }).toMatchObject({ isRight: true });
    }),
    { numRuns: 150 },
  );
});

/** All choices of a version or none, tried one after the other. */
function existsChoice(world: World, wanted: readonly string[]): boolean {
  const choices = NAMES.reduce<Record<string, string>[]>(
    (partial, name) =>
      partial.flatMap((choice) => [
        choice,
        ...Object.keys(world[name] ?? {}).map((version) => Object.assign({}, choice, { [name]: version })),
      ]),
    [{}],
  );
  return choices.some((choice) => fits(world, wanted, choice));
}

const read = new Map<string, Requirement>();

/** All choices are tried with the same few requirements. */
function readOnce(text: string): Requirement {
  const known = read.get(text) ?? parseRequirement(text);
  read.set(text, known);
  return known;
}

function fits(world: World, wanted: readonly string[], choice: Readonly<Record<string, string>>): boolean {
  const required = [...wanted, ...Object.entries(choice).flatMap(([name, version]) => world[name]?.[version] ?? [])];
  return required.map(readOnce).every(({ name, specifier, marker }) => {
    const version = choice[name];
    return !isMarked(marker, environment.markers) || (version !== undefined && fitsSpecifier(version, specifier));
  });
}
