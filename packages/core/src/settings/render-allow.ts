/** Writes permissions as the line of settings.toml that grants or denies them. */
import { selectEntries } from "../cover-permissions.ts";
import type { Permissions } from "../permissions.ts";
import type { TomlTable } from "../toml.ts";
import { renderAssignment } from "./render-toml.ts";

/** For example `allow = { network = ["api.example.com"] }`, as it stands in `[tools.NAME]`. */
export function renderAllow(permissions: Permissions, key: "allow" | "deny" = "allow"): string {
  return renderAssignment(key, toAllowTable(permissions));
}

/** The table of the same; only the kinds with entries. */
export function toAllowTable(permissions: Permissions): TomlTable {
  const kinds = Object.entries(selectEntries(permissions, () => true));
  return Object.fromEntries(kinds.map(([kind, entries]: readonly [string, readonly string[]]) => [kind, [...entries]]));
}
