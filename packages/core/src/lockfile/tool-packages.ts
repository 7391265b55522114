/** The Python packages that manifests ask for: resolved once, fetched as the lock pins them, and handed to their tools. */
import { PocketError } from "../errors.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { formatPackagePin, parsePackagePin } from "../packages/package-pin.ts";
import type { PackageWheel } from "../packages/python-packages.ts";
import { type LockContext, toLockedPath } from "./lock-context.ts";
import type { LockEntry, Lockfile } from "./lock-entry.ts";
import type { BrokenReadTool, ReadTool, SoundReadTool } from "./read-tools.ts";
import { settleTool, type ToolFailure } from "./tool-failure.ts";

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
  return Promise.all(
    tools.map((tool) => {
      if (tool.kind === "function") return tool;
      const locked = findLocked(context, lock, tool);
      // What cannot be read now stays pinned as it was.
      if (tool.kind === "broken") return locked.packages === undefined ? tool : { ...tool, lockedPackages: locked };
      const requires = listRequires(tool.manifest);
      if (requires.length === 0) return tool;
      return settleTool({ label: tool.requested.label, name: tool.name }, async () => ({
        ...tool,
        ...(await fetchAll(context, requires, locked)),
      }));
    }),
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

function findLocked(context: LockContext, lock: Lockfile, { content }: SoundReadTool | BrokenReadTool): LockedPackages {
  if (content.kind !== "local") return content.entry ?? {};
  const path = toLockedPath(context, content.folder);
  return lock.tools.find((entry) => entry.source === "local" && entry.path === path) ?? {};
}

/** What `frozen` forbids: packages that the lock does not pin. */
export function unpinnedPackages(lockfile: string, requires: readonly string[]): PocketError {
  const wanted = requires.join(", ");
  return new PocketError("ERR_POCKET_LOCK_FROZEN", `${lockfile} is frozen and does not pin the packages ${wanted}`, {
    hint: "run `pocket lock sync` where it may change, and commit pocket.lock",
    details: { file: lockfile, changes: requires.map((requirement) => `add ${requirement}`) },
  });
}
