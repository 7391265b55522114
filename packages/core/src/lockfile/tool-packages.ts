/** The Python packages that manifests ask for: resolved once, fetched as the lock pins them, and handed to their tools. */
import { PocketError } from "../errors.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { formatPackagePin, parsePackagePin } from "../packages/package-pin.ts";
import type { PackageWheel } from "../packages/python-packages.ts";
import { attachPinned } from "./attach-pinned.ts";
import type { LockContext } from "./lock-context.ts";
import type { LockEntry, Lockfile } from "./lock-entry.ts";
import type { ReadTool } from "./read-tools.ts";
import type { ToolFailure } from "./tool-failure.ts";

/** What the lock holds of a tool's packages. */
export type LockedPackages = Pick<LockEntry, "requires" | "packages">;

/** What a tool has of packages once they were fetched. */
export interface ToolPackages {
  readonly packages?: readonly PackageWheel[];
  readonly lockedPackages?: LockedPackages;
}

/** The tools with the packages that their manifests ask for; a tool whose packages cannot be had has failed. */
export async function fetchPackages(
  context: LockContext,
  lock: Lockfile,
  tools: readonly ReadTool[],
): Promise<(ReadTool | ToolFailure)[]> {
  return attachPinned<ToolPackages>(
    tools,
    { context, lock },
    {
      keep: (locked) => (locked.packages === undefined ? {} : { lockedPackages: locked }),
      plan({ manifest }, locked) {
        const requires = listRequires(manifest);
        return requires.length === 0 ? undefined : () => fetchAll(context, requires, locked);
      },
    },
  );
}

/** The requirements of a manifest, sorted. */
export function listRequires(manifest: Manifest): readonly string[] {
  return manifest.runtime === "python" ? manifest.packages.toSorted() : [];
}

async function fetchAll(
  { packages, frozen, lockfile }: LockContext,
  requires: readonly string[],
  locked: LockedPackages,
): Promise<ToolPackages> {
  const isLocked = String(locked.requires) === String(requires);
  if (!isLocked && frozen) throw unpinnedPackages(lockfile, requires);
  const pins = isLocked
    ? (locked.packages ?? []).flatMap((line) => parsePackagePin(line) ?? [])
    : await packages.resolve(requires);
  return {
    packages: await packages.fetch(pins),
    lockedPackages: { requires, packages: pins.map(formatPackagePin).toSorted() },
  };
}

/** What `frozen` forbids: packages that the lock does not pin. */
export function unpinnedPackages(lockfile: string, requires: readonly string[]): PocketError {
  const wanted = requires.join(", ");
  return new PocketError("ERR_POCKET_LOCK_FROZEN", `${lockfile} is frozen and does not pin the packages ${wanted}`, {
    hint: "run `pocket lock sync` where it may change, and commit pocket.lock",
    details: { file: lockfile, changes: requires.map((requirement) => `add ${requirement}`) },
  });
}
