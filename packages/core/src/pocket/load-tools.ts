/** Loads the tools of a Pocket: in line with the lock, verified, read, bound. */
import { PocketError } from "../errors.ts";
import type { LockContext } from "../lockfile/lock-context.ts";
import type { BrokenReadTool, ReadTool } from "../lockfile/read-tools.ts";
import { syncTools } from "../lockfile/sync.ts";
import { partFailures, settleTool, type ToolFailure, toSyncError, toToolError } from "../lockfile/tool-failure.ts";
import { listOptionalVariables } from "../manifest/optional-variables.ts";
import { checkSharedVariables } from "../variables.ts";
import { createSlots } from "./create-slots.ts";
import type { ToolSlot } from "./loaded-tool.ts";

/**
 * The tools of the requests, by name, in their order. What the lock does not hold yet is resolved, fetched and added to
 * it; nothing else of it changes. With an unchanged lock and all content in the store, neither network nor git is used.
 * @throws PocketError as `syncTools`; a lone failure as itself; when every tool is broken, their reasons.
 */
export async function loadTools(context: LockContext): Promise<ReadonlyMap<string, ToolSlot>> {
  const { tools } = await syncTools(context, { mode: "load", prune: false });
  refuseAllBroken(tools);
  const slots = await Promise.all(
    tools.map((tool) =>
      settleTool({ label: tool.requested.label, name: tool.name }, async () => ({ slots: createSlots(context, tool) })),
    ),
  );
  const { done, failures } = partFailures(slots);
  refuseFailures(failures);
  if (context.fromSettings) checkShared(context, tools);
  return nameSlots(done.flatMap(({ slots: some }) => some));
}

/** Whether each of the shared variables is for some tool; not known while one is broken. */
function checkShared({ settings }: LockContext, tools: readonly ReadTool[]): void {
  const sound = tools.filter((tool) => tool.kind === "sound");
  if (sound.length < tools.length) return;
  const declared = sound.flatMap(({ manifest }) => [
    manifest.variables,
    Object.fromEntries(listOptionalVariables(manifest).map((name) => [name, ""])),
  ]);
  checkSharedVariables({ file: settings.file, settings: settings.toolVars, declared });
}

function refuseAllBroken(tools: readonly ReadTool[]): void {
  const broken = tools.filter((tool): tool is BrokenReadTool => tool.kind === "broken");
  if (broken.length < tools.length) return;
  refuseFailures(broken.map(({ name, requested: { label }, error }) => ({ name, label, error })));
}

function refuseFailures(failures: readonly ToolFailure[]): void {
  const error = toError(failures);
  if (error !== undefined) throw error;
}

function toError(failures: readonly ToolFailure[]): PocketError | undefined {
  const [first] = failures;
  if (first === undefined) return undefined;
  return failures.length === 1 ? toToolError(first) : toSyncError(failures);
}

/**
 * The slots by name: tools of a component are named last, and may meet others.
 * @throws PocketError ERR_POCKET_TOOL_DUPLICATE
 */
function nameSlots(slots: readonly ToolSlot[]): ReadonlyMap<string, ToolSlot> {
  const named = new Map<string, ToolSlot>();
  for (const slot of slots) {
    const { name } = slot;
    if (named.has(name)) {
      throw new PocketError("ERR_POCKET_TOOL_DUPLICATE", `two tools are named "${name}", one of them of a component`, {
        hint: 'give the component a name that its tools begin with: { name: "calc" } in code, or [tools.calc] in settings.toml',
        details: { name },
      });
    }
    named.set(name, slot);
  }
  return named;
}
