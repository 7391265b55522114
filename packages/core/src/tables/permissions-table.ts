/** Reads the permissions that a tool asks for (`[permissions]`) or a user grants (`allow`) or denies (`deny`). */
import { isPocketError } from "../errors.ts";
import { readNetworkRule } from "../network/parse-network-rule.ts";
import { PERMISSION_KINDS, type PermissionKind, type Permissions } from "../permissions.ts";
import { parseStorageEntry } from "../storage/storage-entry.ts";
import { describeValue } from "./describe-value.ts";
import type { TableReader } from "./table-reader.ts";

/** What is wrong with an entry, and what to do. */
interface EntryFault {
  readonly message: string;
  readonly hint: string;
}

/** The permissions under `key`, each list sorted and without repetitions; `{}` where the key is absent. */
export function readPermissions(table: TableReader, key: string): Permissions {
  const permissions = table.optionalTable(key);
  if (permissions === undefined) return {};
  permissions.only(PERMISSION_KINDS);
  return Object.fromEntries(
    PERMISSION_KINDS.filter((kind) => permissions.keys.includes(kind)).map((kind) => [
      kind,
      readEntries(permissions, kind),
    ]),
  );
}

/** What is wrong with `entry` as one of its kind; undefined where nothing is. */
export function findEntryFault(kind: PermissionKind, entry: string): EntryFault | undefined {
  switch (kind) {
    case "network":
      return prefixFault("it ", readNetworkRule(entry).fault);
    case "env":
      return /^[A-Za-z_][A-Za-z0-9_]*$/u.test(entry)
        ? undefined
        : { message: "it is no name of a variable", hint: 'write for example "HOME"' };
    case "storage":
      return findStorageFault(entry);
  }
}

function readEntries(permissions: TableReader, kind: PermissionKind): readonly string[] {
  const entries = permissions.texts(kind);
  for (const entry of entries) {
    const fault = findEntryFault(kind, entry);
    if (fault === undefined) continue;
    throw permissions.fault(
      kind,
      `"${kind}" holds ${describeValue(entry)}, which is no ${kind} permission: ${fault.message}`,
      { found: entry, hint: fault.hint },
    );
  }
  return [...new Set(entries)].toSorted();
}

function prefixFault(prefix: string, fault: EntryFault | undefined): EntryFault | undefined {
  return fault === undefined ? undefined : { message: `${prefix}${fault.message}`, hint: fault.hint };
}

function findStorageFault(entry: string): EntryFault | undefined {
  try {
    parseStorageEntry(entry);
    return undefined;
  } catch (error) {
    if (!isPocketError(error)) throw error;
    return { message: error.message, hint: error.hint ?? 'write for example "read:./data" or "write:./out"' };
  }
}
