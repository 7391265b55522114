/** Compares what a tool asks for with what a user grants, by what the entries mean. */
import { coversNetworkRule } from "./network/match-network-rule.ts";
import { readNetworkRule } from "./network/parse-network-rule.ts";
import { PERMISSION_KINDS, type PermissionKind, type Permissions } from "./permissions.ts";
import { coversStorage } from "./storage/covers-storage.ts";

/**
 * Whether the granted entry gives all that the asked one asks for: "*.example.com" covers "GET https://api.example.com",
 * "write:./data" covers "read:data".
 * @throws PocketError ERR_POCKET_STORAGE_INVALID when one of two storage entries is none.
 */
export function coversPermission(kind: PermissionKind, granted: string, asked: string): boolean {
  switch (kind) {
    case "network": {
      const [grant, wish] = [readNetworkRule(granted), readNetworkRule(asked)];
      return grant.rule !== undefined && wish.rule !== undefined && coversNetworkRule(grant.rule, wish.rule);
    }
    case "env":
      return granted === asked;
    case "storage":
      return coversStorage(granted, asked);
  }
}

/** What is asked for and not covered by a grant, or is denied; only the kinds with entries. */
export function findUngranted(asked: Permissions, granted: Permissions, denied: Permissions = {}): Permissions {
  const isCovered = (kind: PermissionKind, entries: Permissions, wish: string): boolean =>
    (entries[kind] ?? []).some((entry) => coversPermission(kind, entry, wish));
  return selectEntries(asked, (kind, wish) => !isCovered(kind, granted, wish) || isCovered(kind, denied, wish));
}

/** Both together, each entry once; only the kinds with entries. */
export function joinPermissions(one: Permissions, other: Permissions): Permissions {
  const joined = PERMISSION_KINDS.map(
    (kind) => [kind, [...new Set([...(one[kind] ?? []), ...(other[kind] ?? [])])]] as const,
  );
  return Object.fromEntries(joined.filter(([, entries]) => entries.length > 0));
}

/** The entries that `isWanted` holds of; only the kinds with entries. */
export function selectEntries(
  permissions: Permissions,
  isWanted: (kind: PermissionKind, entry: string) => boolean,
): Permissions {
  const kinds = PERMISSION_KINDS.map(
    (kind) => [kind, (permissions[kind] ?? []).filter((entry) => isWanted(kind, entry))] as const,
  );
  return Object.fromEntries(kinds.filter(([, entries]) => entries.length > 0));
}
