/** Decides what a tool that is being added gets of what it asks for. */
import { findUngranted, joinPermissions, type Permissions } from "@toolpocket/core";
import { listKinds } from "./permissions.ts";
import { toLine } from "../text/foreign-text.ts";

export interface GrantAskedOptions {
  /** What the command line grants already. */
  readonly granted: Permissions;
  /** Grant everything. */
  readonly all: boolean;
  /** Asks for each permission; nothing more is granted where it is absent. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
}

/** What is granted in all. */
export async function grantAsked(
  tool: string,
  asked: Permissions,
  { granted, all, confirm }: GrantAskedOptions,
): Promise<Permissions> {
  const missing = findUngranted(asked, granted);
  if (all) return joinPermissions(granted, missing);
  if (confirm === undefined) return granted;
  let agreed = granted;
  for (const [kind, entries] of listKinds(missing)) {
    for (const entry of entries) {
      // One question after the other: the user answers them in this order.
      const isAgreed = await confirm(`"${toLine(tool)}" asks for ${kind} ${toLine(entry)}. Grant it?`);
      if (isAgreed) agreed = joinPermissions(agreed, { [kind]: [entry] });
    }
  }
  return agreed;
}
