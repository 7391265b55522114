/** The packages of sessions in the lock: pinned when they are first asked for, taken as they are pinned after that. */
import { formatPackagePin, parsePackagePin } from "../packages/package-pin.ts";
import type { PackagePin, PackageWorkOptions, PythonPackages } from "../packages/python-packages.ts";
import type { LockContext } from "./lock-context.ts";
import type { Lockfile, SessionPins } from "./lock-entry.ts";
import { readLockfile, updateLockfile } from "./lockfile-on-disk.ts";
import { unpinnedPackages } from "./tool-packages.ts";

type PinPlace = Pick<LockContext, "packages" | "frozen" | "lockfile">;

/** Packages that are resolved as the lock pins them, and pinned in it where it does not yet. */
export function pinSessionPackages({ packages, frozen, lockfile }: PinPlace): PythonPackages {
  return {
    async resolve(requirements: readonly string[], options?: PackageWorkOptions): Promise<readonly PackagePin[]> {
      const requires = [...new Set(requirements)].toSorted();
      const locked = findSession(await readLockfile(lockfile), requires);
      if (locked !== undefined) return readPins(locked);
      if (frozen) throw unpinnedPackages(lockfile, requires);
      const pins = await packages.resolve(requires, options);
      const fresh: SessionPins = { requires, packages: pins.map(formatPackagePin).toSorted() };
      await updateLockfile(lockfile, (current) =>
        findSession(current, requires) === undefined
          ? withSessions(current, [...(current.sessions ?? []), fresh])
          : current,
      );
      return pins;
    },
    fetch: async (pins, options) => packages.fetch(pins, options),
  };
}

/** Fetches the wheels of all sessions that the store lacks. */
export async function fetchSessionWheels({ packages }: PinPlace, { sessions = [] }: Lockfile): Promise<void> {
  await Promise.all(sessions.map(async (session) => packages.fetch(readPins(session))));
}

/** What the requirements of all sessions mean today; only those that differ. */
export async function resolveSessionsAnew(
  { packages }: PinPlace,
  { sessions = [] }: Lockfile,
): Promise<readonly { readonly from: SessionPins; readonly to: SessionPins }[]> {
  const moves = await Promise.all(
    sessions.map(async (from) => {
      const pins = await packages.resolve(from.requires);
      return { from, to: { ...from, packages: pins.map(formatPackagePin).toSorted() } };
    }),
  );
  return moves.filter(({ from, to }) => String(from.packages) !== String(to.packages));
}

/** The lock with the sessions in the place of those with the same requirements; sorted. */
export function replaceSessions(lock: Lockfile, fresh: readonly SessionPins[]): Lockfile {
  const kept = (lock.sessions ?? []).filter((old) => !fresh.some((one) => keyOf(one.requires) === keyOf(old.requires)));
  return withSessions(lock, [...kept, ...fresh]);
}

function withSessions(lock: Lockfile, sessions: readonly SessionPins[]): Lockfile {
  return { ...lock, sessions: sessions.toSorted((a, b) => (keyOf(a.requires) < keyOf(b.requires) ? -1 : 1)) };
}

function findSession({ sessions = [] }: Lockfile, requires: readonly string[]): SessionPins | undefined {
  return sessions.find((session) => keyOf(session.requires) === keyOf(requires));
}

function keyOf(requires: readonly string[]): string {
  return JSON.stringify(requires);
}

function readPins({ packages }: SessionPins): readonly PackagePin[] {
  return packages.flatMap((line) => parsePackagePin(line) ?? []);
}
