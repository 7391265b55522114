/** Permissions as text, and as the setting that grants them. */
import type { Permissions } from "@toolpocket/core";
import { listKinds } from "../project/permissions.ts";
import { toLine } from "./foreign-text.ts";

/** One line for each kind, for example "network: api.example.com, *.example.org". */
export function listPermissions(permissions: Permissions): string[] {
  return listKinds(permissions).map(([kind, entries]) => `${kind}: ${entries.map(toLine).join(", ")}`);
}

/** The line of `[tools.NAME]` that grants them, for example `allow = { network = ["api.example.com"] }`. */
export function renderAllow(permissions: Permissions): string {
  const kinds = listKinds(permissions).map(
    ([kind, entries]) => `${kind} = [${entries.map((entry) => JSON.stringify(entry)).join(", ")}]`,
  );
  return `allow = { ${kinds.join(", ")} }`;
}
