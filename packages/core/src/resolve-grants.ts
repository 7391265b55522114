/** Reads what a user allows and denies a tool into grants that can be enforced. */
import { relative, sep } from "node:path";
import { isPocketError, PocketError } from "./errors.ts";
import type { ResolvedGrants, StorageGrant } from "./grants.ts";
import { parseNetworkRule } from "./network/parse-network-rule.ts";
import type { Permissions } from "./permissions.ts";
import { resolveStorageGrants, type ResolveStorageGrantsOptions } from "./storage/resolve-storage-grants.ts";
import { quoteText } from "./tables/describe-value.ts";

export interface GrantSources extends ResolveStorageGrantsOptions {
  readonly allow: Permissions;
  /** Wins over `allow`. */
  readonly deny: Permissions;
}

export interface ToolGrants extends ResolvedGrants {
  /** Names of the host's environment variables that the tool gets, sorted. */
  readonly environment: readonly string[];
}

/**
 * The grants that hold. A denied folder takes away the grant of it and of folders below it, a denied `write:` leaves
 * them to be read.
 * @throws PocketError ERR_POCKET_SETTINGS_INVALID when an entry is none, or when a folder is denied inside of a granted
 * one, which cannot be enforced; ERR_POCKET_STORAGE_INVALID.
 */
export function resolveGrants({ allow, deny, ...place }: GrantSources): ToolGrants {
  const denied = new Set(deny.env);
  return {
    network: { allow: parseRules(allow, place.tool), deny: parseRules(deny, place.tool) },
    storage: withoutDenied(
      resolveStorageGrants(allow.storage ?? [], place),
      resolveStorageGrants(deny.storage ?? [], place),
      place.tool,
    ),
    environment: [...new Set(allow.env)].filter((name) => !denied.has(name)).toSorted(),
  };
}

function parseRules({ network = [] }: Permissions, tool: string) {
  return network.map((entry) => {
    try {
      return parseNetworkRule(entry);
    } catch (error) {
      if (!isPocketError(error)) throw error;
      throw new PocketError(error.code, `the tool "${tool}": ${error.message}`, {
        ...(error.hint !== undefined && { hint: error.hint }),
        details: { ...error.details, tool },
        cause: error,
      });
    }
  });
}

function withoutDenied(
  granted: readonly StorageGrant[],
  denied: readonly StorageGrant[],
  tool: string,
): readonly StorageGrant[] {
  return granted.flatMap((grant): StorageGrant[] => {
    const inner = denied.find(({ folder }) => folder !== grant.folder && isInside(folder, grant.folder));
    if (inner !== undefined) {
      throw new PocketError(
        "ERR_POCKET_SETTINGS_INVALID",
        `${quoteText(inner.folder)} is denied to the tool "${tool}", but lies inside of ${quoteText(grant.folder)}, which is granted`,
        { hint: "grant only the folders that the tool may have", details: { tool, folder: inner.folder } },
      );
    }
    const outer = denied.filter(({ folder }) => isInside(grant.folder, folder));
    if (outer.length === 0) return [grant];
    return outer.every(({ access, isPrivate }) => access === "write" && isPrivate !== true)
      ? [{ ...grant, access: "read" }]
      : [];
  });
}

function isInside(folder: string, outer: string): boolean {
  const path = relative(outer, folder);
  return path === "" || (path !== ".." && !path.startsWith(`..${sep}`) && !/^(?:[/\\]|[A-Za-z]:)/u.test(path));
}
