/** Stops a lock from taking in content that asks for more than a person has seen. */
import { comparePermissions, isEmptyPermissions } from "../compare-permissions.ts";
import { PocketError } from "../errors.ts";
import { isPinned, type Lockfile, type PinnedLockEntry } from "./lock-entry.ts";

/**
 * Whether every pinned tool asks for no more than the lock holds under its name. A tool that is new in the lock
 * is not held to anything: what it asks for is shown when it is added.
 * @throws PocketError ERR_POCKET_UPDATE_REFUSED with `details.asked`: each tool with the permissions that are new
 */
export function refuseMorePermissions(before: Lockfile, after: Lockfile): void {
  const asked = after.tools.flatMap((entry) => {
    const locked = before.tools.find(({ name }) => name === entry.name);
    if (locked === undefined || !isPinned(entry) || !isPinned(locked) || !wasRead(locked)) return [];
    const { added } = comparePermissions(locked.permissions, entry.permissions);
    return isEmptyPermissions(added) ? [] : [{ tool: entry.name, added }];
  });
  if (asked.length === 0) return;
  const listed = asked.map(({ tool, added }) => `${tool}: ${describePermissions(added)}`).join("; ");
  throw new PocketError("ERR_POCKET_UPDATE_REFUSED", `pocket.lock would take in tools that ask for more: ${listed}`, {
    hint: "review them, then run `pocket lock sync --accept-permissions`",
    details: { asked },
  });
}

/** For example "network a.example,b.example, env HOME". */
export function describePermissions(permissions: object): string {
  return Object.entries(permissions)
    .map(([kind, entries]) => `${kind} ${String(entries)}`)
    .join(", ");
}

/** A tool that was broken when it was locked has told nothing of what it asks for. */
function wasRead({ definition }: PinnedLockEntry): boolean {
  return definition !== undefined;
}
