/** Packages of sessions in the lock. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PocketError } from "../../src/errors.ts";
import { pinSessionPackages } from "../../src/lockfile/session-pins.ts";
import { syncLock } from "../../src/lockfile/sync.ts";
import { updateLock } from "../../src/lockfile/update.ts";
import { verifyLock, type VerifyReport } from "../../src/lockfile/verify.ts";
import type { PackagePin, PythonPackages } from "../../src/packages/python-packages.ts";

let cwd: string;
let lockfile: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "pocket-session-pins-"));
  lockfile = join(cwd, "pocket.lock");
  vi.stubEnv("POCKET_HOME", join(cwd, ".store"));
  vi.stubEnv("CI", undefined);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cwd, { recursive: true });
});

const DIGEST = `sha256-${"a".repeat(64)}`;

/** Has every package in one version. */
function openShelf(version = "1.0") {
  const asked: (readonly string[])[] = [];
  const fetched: PackagePin[] = [];
  const packages: PythonPackages = {
    async resolve(requirements) {
      asked.push(requirements);
      return requirements.map((name) => ({
        name,
        version,
        digest: DIGEST,
        fileName: `${name}-${version}-py3-none-any.whl`,
      }));
    },
    async fetch(pins) {
      fetched.push(...pins);
      return pins.map((pin) => Object.assign({ content: new Uint8Array() }, pin));
    },
  };
  return { asked, fetched, packages };
}

const lockText = (): Promise<string> => readFile(lockfile, "utf8");

test("pinSessionPackages() pins what is asked for first, and takes it as it is pinned after that", async () => {
  const { asked, packages } = openShelf();
  const first = await pinSessionPackages({ packages, lockfile, frozen: false }).resolve(["b", "a", "a"]);
  expect(await lockText()).toContain(
    `[[session]]\nrequires = ["a", "b"]\npackages = ["a 1.0 ${DIGEST} a-1.0-py3-none-any.whl", "b 1.0 ${DIGEST} b-1.0-py3-none-any.whl"]\n`,
  );
  const later = openShelf("2.0");
  await expect(
    pinSessionPackages({ packages: later.packages, lockfile, frozen: true }).resolve(["a", "b"]),
  ).resolves.toEqual(first);
  expect([asked, later.asked]).toEqual([[["a", "b"]], []]);
});

test("pinSessionPackages() refuses what a frozen lock does not pin", async () => {
  const { asked, packages } = openShelf();
  await expect(pinSessionPackages({ packages, lockfile, frozen: true }).resolve(["a"])).rejects.toMatchObject({
    code: "ERR_POCKET_LOCK_FROZEN",
    details: { changes: ["add a"] },
  });
  expect(asked).toEqual([]);
});

test("syncLock() keeps the packages of sessions, and fetches what the store lacks of them", async () => {
  const { packages, fetched } = openShelf();
  await pinSessionPackages({ packages, lockfile, frozen: false }).resolve(["a"]);
  const before = await lockText();
  await writeFile(join(cwd, "settings.toml"), "");
  await syncLock({ cwd, pythonPackages: () => packages });
  expect(await lockText()).toBe(before);
  expect(fetched.map(({ fileName }) => fileName)).toEqual(["a-1.0-py3-none-any.whl"]);
});

test("updateLock() moves the packages of sessions with everything else, and tells which", async () => {
  await pinSessionPackages({ packages: openShelf().packages, lockfile, frozen: false }).resolve(["a"]);
  const options = { cwd, pythonPackages: () => openShelf("2.0").packages };
  const [planned] = await updateLock(options, { dryRun: true });
  expect(planned).toMatchObject({ tool: "sessions with a", packages: { added: ["a 2.0"], removed: ["a 1.0"] } });
  await expect(updateLock({ ...options, frozen: true })).rejects.toMatchObject({ code: "ERR_POCKET_LOCK_FROZEN" });
  expect(await lockText()).toContain("a-1.0-");
  await expect(updateLock(options)).resolves.toHaveLength(1);
  expect(await lockText()).toContain("a-2.0-");
  await expect(updateLock(options)).resolves.toEqual([]);
});

test("verifyLock() holds the packages of sessions against the store, and is not ok where one is missing", async () => {
  const { packages } = openShelf();
  await pinSessionPackages({ packages, lockfile, frozen: false }).resolve(["b", "a"]);
  await pinSessionPackages({ packages, lockfile, frozen: false }).resolve(["c"]);
  const lacking: PythonPackages = {
    ...packages,
    async fetch(pins, options) {
      const lost = pins.find(({ name }) => name === "b");
      if (options?.offline === true && lost === undefined) return packages.fetch(pins, options);
      throw new PocketError("ERR_POCKET_OFFLINE", `${lost?.fileName} is not in the store`, { hint: "go online" });
    },
  };
  const verify = (shelf: PythonPackages): Promise<VerifyReport> =>
    verifyLock({ cwd, tools: [], pythonPackages: () => shelf });
  expect(await verify(packages)).toMatchObject({
    ok: true,
    sessions: [
      { requires: ["a", "b"], state: "ok" },
      { requires: ["c"], state: "ok" },
    ],
  });
  expect(await verify(lacking)).toMatchObject({
    ok: false,
    tools: [],
    sessions: [
      { state: "missing", message: "its package b-1.0-py3-none-any.whl is not in the store as it is pinned" },
      { requires: ["c"], state: "ok" },
    ],
  });
});
