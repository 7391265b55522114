/** Permissions as text. */
import type { Permissions } from "@toolpocket/core";
import { listKinds } from "../project/permissions.ts";
import { toLine } from "./foreign-text.ts";

/** One line for each kind, for example "network: api.example.com, *.example.org". */
export function listPermissions(permissions: Permissions): string[] {
  return listKinds(permissions).map(([kind, entries]) => `${kind}: ${entries.map(toLine).join(", ")}`);
}
