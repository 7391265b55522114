/** Brings `pocket.lock` in line with the requested tools: the stages that `load()` and `pocket lock sync` share. */
import { PocketError } from "../errors.ts";
import type { BrokenTool, PocketOptions } from "../pocket-options.ts";
import { requestLocked } from "./request-locked.ts";
import { describeBroken } from "./broken-tool.ts";
import { formatLockfile } from "./format-lockfile.ts";
import { openLockContext, type LockContext } from "./lock-context.ts";
import type { Lockfile } from "./lock-entry.ts";
import { isWritten, readLockfile, updateLockfile } from "./lockfile-on-disk.ts";
import {
  compareLocks,
  findStale,
  isOvertaken,
  type LockChanges,
  type LockDifference,
  mergeLock,
  NOTHING_STALE,
} from "./merge-lock.ts";
import type { PlannedTool } from "./plan-tools.ts";
import type { ReadTool } from "./read-tools.ts";
import { refuseMorePermissions } from "./refuse-more-permissions.ts";
import { fetchSessionWheels } from "./session-pins.ts";
import { type ResolvedTools, type ResolveToolsOptions, resolveTools } from "./resolve-tools.ts";

/** How often the work is done again because another process changed the same entries meanwhile. */
const MAX_ATTEMPTS = 5;

export interface SyncLockOptions extends PocketOptions {
  /**
   * Remove entries that no request asks for.
   * @defaultValue true when the tools are those of settings.toml and there are any
   */
  prune?: boolean;
  /** Take in a tool also where it asks for more permissions than the lock holds under its name. @defaultValue false */
  acceptPermissions?: boolean;
}

/** What `syncLock` did. */
export interface SyncReport {
  /** Absolute path of the lockfile. */
  readonly lockfile: string;
  /** Whether the file was written. */
  readonly written: boolean;
  /** Names of tools, sorted. */
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: readonly string[];
  /** Tools whose content in the store was damaged, and was fetched again. */
  readonly repaired: readonly string[];
  readonly broken: readonly BrokenTool[];
  /** What is odd in manifests but breaks no tool, by tool. */
  readonly warnings: readonly ToolWarning[];
}

export interface ToolWarning {
  readonly tool: string;
  readonly message: string;
}

/**
 * Pins every requested tool that is not pinned yet, mends the store, and writes the lock: `pocket lock sync`. Pins that
 * hold are kept, whatever their refs mean today. Where settings.toml holds tools, the lock is theirs, and entries that
 * none of them asks for are removed; where it holds none, the lock's own entries are mended. Entries beside the `tools`
 * of a program stay. When anything fails, the file stays as it was.
 * @throws PocketError ERR_POCKET_SYNC_FAILED with `details.failures`, all failures of single tools together.
 * @throws PocketError ERR_POCKET_UPDATE_REFUSED when a tool that is locked would ask for more, and `acceptPermissions` is not set.
 * @throws PocketError ERR_POCKET_LOCK_FROZEN with `details.changes` when `frozen` is set and the lock would change.
 */
export async function syncLock(options: SyncLockOptions = {}): Promise<SyncReport> {
  const context = await openLockContext(options);
  const prune = options.prune ?? (context.fromSettings && context.requests.length > 0);
  const isLockAlone = context.fromSettings && context.requests.length === 0 && !prune;
  const wanted = isLockAlone ? { ...context, requests: requestLocked(await readLockfile(context.lockfile)) } : context;
  const { tools, before, after, written } = await syncTools(wanted, {
    mode: "sync",
    prune,
    acceptPermissions: options.acceptPermissions ?? false,
  });
  await fetchSessionWheels(context, after);
  const differences = compareLocks(before, after);
  const named = (kind: LockDifference["kind"]): string[] =>
    differences
      .filter((difference) => difference.kind === kind)
      .map(({ name }) => name)
      .toSorted();
  const touched = new Set(differences.map(({ name }) => name));
  return {
    lockfile: context.lockfile,
    written,
    added: named("add"),
    changed: named("change"),
    removed: named("remove"),
    unchanged: after.tools.map(({ name }) => name).filter((name) => !touched.has(name)),
    repaired: tools
      .filter(isRepaired)
      .map(({ name }) => name)
      .toSorted(),
    broken: tools.flatMap((tool) =>
      tool.kind === "broken" ? [describeBroken(tool.name, tool.requested.label, tool.error)] : [],
    ),
    warnings: tools.flatMap((tool) =>
      tool.kind === "sound" ? tool.manifest.warnings.map((message) => ({ tool: tool.name, message })) : [],
    ),
  };
}

export interface SyncToolsOptions {
  readonly mode: ResolveToolsOptions["mode"];
  readonly prune: boolean;
  /** @defaultValue false */
  readonly acceptPermissions?: boolean;
}

export interface SyncedTools extends ResolvedTools {
  readonly before: Lockfile;
  readonly after: Lockfile;
  readonly written: boolean;
}

/** Resolves the requested tools and writes the lock when it has to change; again, when another process was faster. */
export async function syncTools(context: LockContext, options: SyncToolsOptions): Promise<SyncedTools> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const before = await readLockfile(context.lockfile);
    const resolved = await resolveTools(context, before, {
      mode: options.mode,
      onPlanned: (planned) => refuseUnpinned(context, planned),
    });
    const changes = {
      entries: resolved.entries,
      stale: options.prune ? findStale(before, resolved.entries) : NOTHING_STALE,
    };
    const after = mergeLock(before, changes);
    if (context.frozen) refuseDifferences(context, compareLocks(before, after), options);
    if (context.frozen || !(await isChangeDue(context, before, after, options))) {
      return { ...resolved, before, after, written: false };
    }
    if (options.acceptPermissions !== true) refuseMorePermissions(before, after);
    const written = await writeLock(context, before, changes);
    if (written !== "overtaken") return { ...resolved, before, after: written, written: true };
  }
  throw new PocketError("ERR_POCKET_LOCK_BUSY", `other processes kept changing the same tools in ${context.lockfile}`, {
    hint: "let one program at a time own these tools, or give each its own `lockfile`",
    details: { file: context.lockfile },
  });
}

/** Writes the entries into what the file holds by now; nothing, when another process changed what they were built on. */
async function writeLock(
  context: LockContext,
  before: Lockfile,
  changes: LockChanges,
): Promise<Lockfile | "overtaken"> {
  let overtaken = false;
  const after = await updateLockfile(context.lockfile, (current) => {
    overtaken = isOvertaken(before, current, changes.entries);
    return overtaken ? current : mergeLock(current, changes);
  });
  if (overtaken) return "overtaken";
  context.onProgress({ stage: "lock", subject: context.lockfile, state: "done" });
  return after;
}

/** `lock sync` writes what differs by a byte, `load()` only what differs in content: a checkout may end lines its own way. */
async function isChangeDue(
  context: LockContext,
  before: Lockfile,
  after: Lockfile,
  { mode }: SyncToolsOptions,
): Promise<boolean> {
  if (formatLockfile(before) !== formatLockfile(after)) return true;
  return mode === "sync" && after.tools.length > 0 && !(await isWritten(context.lockfile, after));
}

/** Tells what `frozen` forbids before anything is fetched for it. */
function refuseUnpinned({ frozen, lockfile }: LockContext, planned: readonly PlannedTool[]): void {
  const unpinned = planned.filter(({ plan }) => plan.kind === "unpinned");
  if (!frozen || unpinned.length === 0) return;
  throw frozenError(
    lockfile,
    unpinned.map(({ requested }) => `add ${requested.label}`),
  );
}

/** A local tool's content is not pinned, so `load()` does not miss its entry; a check of the lock does. */
function refuseDifferences(
  { lockfile }: LockContext,
  differences: readonly LockDifference[],
  { mode }: SyncToolsOptions,
): void {
  const counted = differences.filter(({ source }) => mode === "sync" || source !== "local");
  if (counted.length > 0)
    throw frozenError(
      lockfile,
      counted.map(({ kind, name }) => `${kind} ${name}`),
    );
}

function frozenError(lockfile: string, changes: readonly string[]): PocketError {
  return new PocketError(
    "ERR_POCKET_LOCK_FROZEN",
    `${lockfile} is frozen and would have to change: ${changes.join(", ")}`,
    {
      hint: "run `pocket lock sync` where it may change (without `frozen` and without CI set), and commit pocket.lock",
      details: { file: lockfile, changes },
    },
  );
}

function isRepaired(tool: ReadTool): boolean {
  return tool.kind !== "function" && tool.content.kind !== "local" && tool.content.repaired;
}
