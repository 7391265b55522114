/** What tools have beside their trees, modules and packages, is fetched tool by tool as the lock pins it. */
import { type LockContext, toLockedPath } from "./lock-context.ts";
import type { LockEntry, Lockfile } from "./lock-entry.ts";
import type { BrokenReadTool, ReadTool, SoundReadTool } from "./read-tools.ts";
import { settleTool, type ToolFailure } from "./tool-failure.ts";

/** What the lock holds of a tool beside its place. */
export type LockedParts = Pick<LockEntry, "modules" | "requires" | "packages">;

export interface Attachment<Parts extends object> {
  /** What a tool that cannot be read now keeps: it stays pinned as it was. */
  keep(locked: LockedParts): Partial<Parts>;
  /** How to fetch what the tool asks for; undefined where that is nothing. */
  plan(tool: SoundReadTool, locked: LockedParts): (() => Promise<Parts>) | undefined;
}

/** The tools with what was fetched for them; a tool whose parts cannot be had has failed. */
export async function attachPinned<Parts extends object>(
  tools: readonly ReadTool[],
  { context, lock }: { context: LockContext; lock: Lockfile },
  { keep, plan }: Attachment<Parts>,
): Promise<(ReadTool | ToolFailure)[]> {
  return Promise.all(
    tools.map((tool) => {
      if (tool.kind === "function") return tool;
      const locked = findLocked(context, lock, tool);
      if (tool.kind === "broken") return { ...tool, ...keep(locked) };
      const fetch = plan(tool, locked);
      if (fetch === undefined) return tool;
      const { name, requested } = tool;
      return settleTool({ label: requested.label, name }, async () => ({ ...tool, ...(await fetch()) }));
    }),
  );
}

/** The content of a local tool is not pinned, and yet what it asks for from elsewhere is. */
function findLocked(context: LockContext, lock: Lockfile, { content }: SoundReadTool | BrokenReadTool): LockedParts {
  if (content.kind !== "local") return content.entry ?? {};
  const path = toLockedPath(context, content.folder);
  return lock.tools.find((entry) => entry.source === "local" && entry.path === path) ?? {};
}
