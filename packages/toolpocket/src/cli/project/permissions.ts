/** Permissions as the command line takes them. */
import {
  comparePermissions,
  findEntryFault,
  joinPermissions,
  nearestHint,
  PERMISSION_KINDS,
  type Permissions,
} from "@toolpocket/core";
import { usageError } from "../usage-error.ts";

/** Each kind that has entries, with them. */
export function listKinds(
  permissions: Permissions,
): (readonly [kind: keyof Permissions, entries: readonly string[]])[] {
  return PERMISSION_KINDS.map((kind) => [kind, permissions[kind] ?? []] as const).filter(
    ([, entries]) => entries.length > 0,
  );
}

/** The permissions but for the entries of `removed`, as they are written. */
export function withoutPermissions(permissions: Permissions, removed: Permissions): Permissions {
  return comparePermissions(removed, permissions).added;
}

/**
 * The values of `--allow`, for example `network=api.example.com`.
 * @throws PocketError ERR_POCKET_USAGE that names the nearest kind
 */
export function parseAllow(values: readonly string[]): Permissions {
  return values.map(parseEntry).reduce(joinPermissions, {});
}

function parseEntry(value: string): Permissions {
  const [, kind = "", entry = ""] = /^([^=]*)=(.+)$/su.exec(value) ?? [];
  if (entry === "")
    throw usageError(
      `--allow ${value} is not of the form KIND=VALUE`,
      "write for example --allow network=api.example.com",
    );
  return parsePermission(kind, entry);
}

/** @throws PocketError ERR_POCKET_USAGE when there is no such kind, or the entry is none of it */
export function parsePermission(kind: string, entry: string): Permissions {
  const known = PERMISSION_KINDS.find((name) => name === kind);
  if (known === undefined) {
    throw usageError(
      `there is no permission of the kind "${kind}"${nearestHint(kind, PERMISSION_KINDS)}`,
      `use one of ${PERMISSION_KINDS.join(", ")}`,
      { kind },
    );
  }
  const fault = findEntryFault(known, entry);
  if (fault === undefined) return { [known]: [entry] };
  throw usageError(`${JSON.stringify(entry)} is no ${known} permission: ${fault.message}`, fault.hint, { kind, entry });
}
