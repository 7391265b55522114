/** What a tool asks for, set against what the user grants. */
import { comparePermissions, nearestHint, type Permissions } from "@toolpocket/core";
import { usageError } from "../usage-error.ts";

const KINDS = ["network", "env", "storage"] as const satisfies readonly (keyof Permissions)[];

/** Each kind that has entries, with them. */
export function listKinds(
  permissions: Permissions,
): (readonly [kind: keyof Permissions, entries: readonly string[]])[] {
  return KINDS.map((kind) => [kind, permissions[kind] ?? []] as const).filter(([, entries]) => entries.length > 0);
}

/** What was asked for and not granted. */
export function findMissing(asked: Permissions, granted: Permissions): Permissions {
  return comparePermissions(granted, asked).added;
}

/** Both together, each entry once. */
export function joinPermissions(one: Permissions, other: Permissions): Permissions {
  const joined = KINDS.map((kind) => [kind, [...new Set([...(one[kind] ?? []), ...(other[kind] ?? [])])]] as const);
  return Object.fromEntries(joined.filter(([, entries]) => entries.length > 0));
}

/** The permissions but for the entries of `removed`. */
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
  const known = KINDS.find((name) => name === kind);
  if (known !== undefined) return { [known]: [entry] };
  throw usageError(
    `there is no permission of the kind "${kind}"${nearestHint(kind, KINDS)}`,
    `use one of ${KINDS.join(", ")}`,
    { kind },
  );
}
