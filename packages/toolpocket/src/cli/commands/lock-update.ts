/** `pocket lock update`: moves pins to what their refs mean today, and shows what that changes. */
import type { LockChange } from "@toolpocket/core";
import { updateLock } from "../../lock.ts";
import { defineCommand } from "../command.ts";
import { renderLockChanges } from "../text/lock-changes.ts";

export interface LockUpdate {
  readonly changes: readonly LockChange[];
  /** Whether pocket.lock was left as it is. */
  readonly dryRun: boolean;
}

export const lockUpdateCommand = defineCommand({
  positionals: [{ name: "TOOL", count: "many" }],
  options: {
    "accept-permissions": { kind: "flag", about: "update also tools that ask for more permissions than they did" },
    "dry-run": { kind: "flag", about: "show the changes, and write nothing" },
  },
  notes: ["Without TOOL all tools are updated. Read the definition's diff: it is what the model reads."],
  examples: ["pocket lock update --dry-run", "pocket lock update weather"],
  run: async ({ positionals, options }, { cwd, onProgress, signal }): Promise<LockUpdate> => {
    const dryRun = options["dry-run"];
    const tools = positionals.length > 0 ? { tools: positionals } : {};
    const changes = await updateLock(
      { cwd, onProgress, signal },
      { ...tools, dryRun, acceptPermissions: options["accept-permissions"] },
    );
    return { changes, dryRun };
  },
  render: ({ changes, dryRun }, page) => {
    if (changes.length === 0) return "Every tool is what its ref means today.";
    return `${renderLockChanges(changes, page)}\n${page.style.dim(dryRun ? "Nothing was written (--dry-run)." : "pocket.lock is updated.")}`;
  },
});
