/** The way from requests to tools with their lock entries, as stages; nothing is written. */
import type { LockEntry, Lockfile } from "./lock-entry.ts";
import type { LockContext } from "./lock-context.ts";
import { fetchTools } from "./fetch-tools.ts";
import { checkExternalDefinition, checkLockedWords, lockTool } from "./lock-tool.ts";
import { type PlannedTool, planTools } from "./plan-tools.ts";
import { type ReadTool, readTools } from "./read-tools.ts";
import { readRequests } from "./requested-tool.ts";
import { fetchModules } from "./tool-modules.ts";
import { fetchPackages } from "./tool-packages.ts";
import { partFailures, settleTool, type ToolFailure, toSyncError, toToolError } from "./tool-failure.ts";

export interface ResolveToolsOptions {
  /**
   * `sync` mends store and lock, and tells all failures in one shape. `load` accepts nothing that differs from the lock,
   * and throws a lone failure as itself.
   */
  readonly mode: "sync" | "load";
  /** Called when it is known which content the lock does not pin yet, before any of it is fetched. */
  readonly onPlanned: (planned: readonly PlannedTool[]) => void;
}

export interface ResolvedTools {
  readonly tools: readonly ReadTool[];
  /** Of all tools but functions. */
  readonly entries: readonly LockEntry[];
}

/**
 * Reads requests, matches them with the lock, fetches what is missing, reads manifests, names the tools, makes their entries.
 * @throws PocketError ERR_POCKET_SYNC_FAILED that lists every tool that failed, ERR_POCKET_TOOL_DUPLICATE.
 */
export async function resolveTools(
  context: LockContext,
  lock: Lockfile,
  { mode, onPlanned }: ResolveToolsOptions,
): Promise<ResolvedTools> {
  const { requested, failures } = await readRequests(context.requests, context.cwd);
  const planned = planTools(requested, lock);
  if (failures.length === 0) onPlanned(planned);
  const fetched = partFailures(await fetchTools(context, planned, { repair: mode === "sync" }));
  const read = partFailures(await fetchModules(context, lock, readTools(fetched.done)));
  const packed = partFailures(await fetchPackages(context, lock, read.done));
  refuseFailures([...failures, ...fetched.failures, ...read.failures, ...packed.failures], mode);
  const tools = packed.done;
  const entries = tools.map((tool) => lockTool(context, tool));
  refuseFailures(await checkExternalTools(tools, entries, lock), mode);
  if (mode === "load") refuseFailures(await checkTools(tools, entries), mode);
  return { tools, entries: entries.filter((entry) => entry !== undefined) };
}

function refuseFailures(failures: readonly ToolFailure[], mode: ResolveToolsOptions["mode"]): void {
  const [first] = failures;
  if (first === undefined) return;
  throw mode === "load" && failures.length === 1 ? toToolError(first) : toSyncError(failures);
}

/** What others run is not mended by a sync: a person accepts it by name. */
async function checkExternalTools(
  tools: readonly ReadTool[],
  entries: readonly (LockEntry | undefined)[],
  lock: Lockfile,
): Promise<ToolFailure[]> {
  const checks = tools.map((tool, index) =>
    settleTool({ label: tool.requested.label, name: tool.name }, async () => {
      const found = entries[index];
      if (found !== undefined) checkExternalDefinition(tool, found, lock);
      return {};
    }),
  );
  return partFailures(await Promise.all(checks)).failures;
}

async function checkTools(
  tools: readonly ReadTool[],
  entries: readonly (LockEntry | undefined)[],
): Promise<ToolFailure[]> {
  const checks = tools.map((tool, index) =>
    settleTool({ label: tool.requested.label, name: tool.name }, async () => {
      const found = entries[index];
      const locked = tool.kind !== "function" && tool.content.kind !== "local" ? tool.content.entry : undefined;
      if (locked !== undefined && found !== undefined) checkLockedWords(locked, found);
      return {};
    }),
  );
  return partFailures(await Promise.all(checks)).failures;
}
