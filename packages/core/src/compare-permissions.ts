/** Compares what a tool asked for when it was locked with what it asks for now. */
import type { Permissions } from "./permissions.ts";

export interface PermissionChange {
  /** Only the kinds with entries, `{}` when nothing was added. */
  readonly added: Permissions;
  readonly removed: Permissions;
}

const KINDS = ["network", "env", "storage"] as const satisfies readonly (keyof Permissions)[];

/** What `current` has and `locked` has not, and the reverse; entries are compared as they are written. */
export function comparePermissions(locked: Permissions, current: Permissions): PermissionChange {
  return { added: without(current, locked), removed: without(locked, current) };
}

/** Whether no kind has an entry. */
export function isEmptyPermissions(permissions: Permissions): boolean {
  return KINDS.every((kind) => (permissions[kind] ?? []).length === 0);
}

function without(permissions: Permissions, taken: Permissions): Permissions {
  const rest = KINDS.map((kind) => {
    const others = new Set(taken[kind]);
    return [kind, (permissions[kind] ?? []).filter((entry) => !others.has(entry)).toSorted()] as const;
  });
  return Object.fromEntries(rest.filter(([, entries]) => entries.length > 0));
}
