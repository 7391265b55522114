/** Moves the pins of locked tools to what their refs mean today: `pocket lock update`. */
import { PocketError } from "../errors.ts";
import { nearestHint } from "../nearest.ts";
import type { PocketOptions } from "../pocket-options.ts";
import { fetchMoves, type Move, type PinnedTool } from "./fetch-moves.ts";
import type { GitResolution, RemoteResolution } from "../source/source.ts";
import { asksForMore, describeChange, describeSessionChange, describePin, type LockChange } from "./lock-change.ts";
import { type LockContext, openLockContext } from "./lock-context.ts";
import type { LockEntry, Lockfile } from "./lock-entry.ts";
import { lockTool } from "./lock-tool.ts";
import { replaceSessions, resolveSessionsAnew } from "./session-pins.ts";
import { readLockfile, updateLockfile } from "./lockfile-on-disk.ts";
import { isOvertaken, type LockChanges, mergeLock } from "./merge-lock.ts";
import { planTools } from "./plan-tools.ts";
import { describePermissions } from "./refuse-more-permissions.ts";
import { readRequests, requestEntry, type RequestedTool } from "./requested-tool.ts";

export interface UpdateLockOptions {
  /** Names of the tools to move. @defaultValue all that the lock pins */
  tools?: readonly string[];
  /** Write the lock also where a tool asks for more permissions than it did. @defaultValue false */
  acceptPermissions?: boolean;
  /** Tell the changes and write nothing. @defaultValue false */
  dryRun?: boolean;
}

/**
 * Resolves the refs of locked tools again, writes the lock, and tells what changed, sorted by name; a tool that stands
 * where it stood is not told. A tool whose new manifest is broken stays where it is. All is written, or nothing.
 * @throws PocketError ERR_POCKET_UPDATE_REFUSED with `details.changes` when a tool asks for more than it did and
 * `acceptPermissions` is not set; ERR_POCKET_SYNC_FAILED with all failures; ERR_POCKET_LOCK_FROZEN;
 * ERR_POCKET_TOOL_UNKNOWN for a name that the lock has not.
 */
export async function updateLock(options: PocketOptions, update: UpdateLockOptions = {}): Promise<LockChange[]> {
  const context = await openLockContext(options);
  const before = await readLockfile(context.lockfile);
  const pinned = selectTools(await findPinnedTools(context, before), before, update.tools);
  const moves = (await fetchMoves(context, pinned)).filter((move) => isMove(move));
  const changes = moves.map((move) => planChange(context, move));
  // Sessions have no names: they move when everything does.
  const sessions = update.tools === undefined ? await resolveSessionsAnew(context, before) : [];
  const told = [...changes.map(({ change }) => change), ...sessions.map(describeSessionChange)];
  if (update.dryRun === true) return told;
  refuseChanges(context, changes, update);
  if (sessions.length > 0) refuseFrozenSessions(context);
  await writeChanges(context, before, changes);
  if (sessions.length > 0) {
    const fresh = sessions.map(({ to }) => to);
    await updateLockfile(context.lockfile, (current) => replaceSessions(current, fresh));
  }
  return told;
}

function refuseFrozenSessions({ frozen, lockfile }: LockContext): void {
  if (!frozen) return;
  throw new PocketError("ERR_POCKET_LOCK_FROZEN", `${lockfile} is frozen, and the packages of sessions would move`, {
    hint: "run `pocket lock update` where it may change (without `frozen` and without CI set)",
    details: { file: lockfile },
  });
}

interface PlannedChange {
  readonly change: LockChange;
  readonly from: LockEntry;
  /** undefined where the tool stays. */
  readonly to: LockEntry | undefined;
}

/** Every entry of the lock that pins anything, with its request; one that nobody requests here keeps its name. */
async function findPinnedTools(context: LockContext, lock: Lockfile): Promise<PinnedTool[]> {
  const { requested } = await readRequests(context.requests, context.cwd);
  const byEntry = new Map<LockEntry, RequestedTool>(
    planTools(requested, lock).flatMap(({ requested: tool, plan }) =>
      plan.kind === "pinned" ? [[plan.entry, tool]] : [],
    ),
  );
  return lock.tools
    .filter((entry) => entry.source !== "mcp")
    .filter((entry) => entry.source !== "local" || entry.modules !== undefined || entry.packages !== undefined)
    .map((entry) => ({ entry, requested: byEntry.get(entry) ?? requestEntry(entry, context) }));
}

function selectTools(
  pinned: readonly PinnedTool[],
  lock: Lockfile,
  names: readonly string[] | undefined,
): PinnedTool[] {
  const known = lock.tools.map(({ name }) => name);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new PocketError(
      "ERR_POCKET_TOOL_UNKNOWN",
      `pocket.lock holds no tool "${unknown}"${nearestHint(unknown, known)}`,
      {
        hint: known.length === 0 ? "run `pocket lock sync` first" : `name one of ${known.join(", ")}`,
        details: { tool: unknown, known },
      },
    );
  }
  return pinned.filter(({ entry }) => names === undefined || names.includes(entry.name));
}

/** Whether anything that a lock pins is not what it was; a commit may be another with the same content. */
function isMove({ locked: { entry }, fresh: { content, lockedModules = [], lockedPackages = {} } }: Move): boolean {
  if (String(lockedModules) !== String(entry.modules ?? [])) return true;
  if (String(lockedPackages.packages ?? []) !== String(entry.packages ?? [])) return true;
  if (entry.source === "local" || content.kind === "local") return false;
  return describePin(entry) !== resolvedPin(content.resolution) || entry.integrity !== content.integrity;
}

function resolvedPin(resolution: GitResolution | RemoteResolution): string {
  return resolution.kind === "git" ? resolution.commit : resolution.digest;
}

function planChange(context: LockContext, { locked, fresh }: Move): PlannedChange {
  const refused = fresh.kind === "broken" ? fresh.error.message : undefined;
  const entry = lockTool(context, fresh);
  if (entry === undefined || entry.source === "mcp") throw new TypeError("a locked tool can be locked again");
  const change = describeChange(locked, { entry, files: fresh.content.files, refused });
  return { change, from: locked.entry, to: refused === undefined ? entry : undefined };
}

function refuseChanges(
  { frozen, lockfile }: LockContext,
  changes: readonly PlannedChange[],
  options: UpdateLockOptions,
): void {
  const moved = changes.filter(({ to }) => to !== undefined);
  if (frozen && moved.length > 0) {
    throw new PocketError("ERR_POCKET_LOCK_FROZEN", `${lockfile} is frozen, and ${listTools(moved)} would move`, {
      hint: "run `pocket lock update` where it may change (without `frozen` and without CI set)",
      details: { file: lockfile, changes: moved.map(({ change }) => change) },
    });
  }
  const asking = changes.filter(({ change }) => asksForMore(change));
  if (asking.length === 0 || options.acceptPermissions === true) return;
  const asked = asking.map(({ change: { tool, permissions } }) => `${tool}: ${describePermissions(permissions.added)}`);
  throw new PocketError("ERR_POCKET_UPDATE_REFUSED", `the update asks for more permissions: ${asked.join("; ")}`, {
    hint: `review the changes, then run \`pocket lock update ${asking.map(({ change }) => change.tool).join(" ")} --accept-permissions\``,
    details: { changes: changes.map(({ change }) => change) },
  });
}

async function writeChanges(context: LockContext, before: Lockfile, changes: readonly PlannedChange[]): Promise<void> {
  const moved = changes.flatMap(({ from, to }) => (to === undefined ? [] : [{ from, to }]));
  if (moved.length === 0) return;
  const entries = moved.map(({ to }) => to);
  const renamed = moved.filter(({ from, to }) => from.name !== to.name).map(({ from }) => from.name);
  const merge: LockChanges = { entries, stale: { names: new Set(renamed), pins: [] } };
  await updateLockfile(context.lockfile, (current) => {
    refuseTakenNames(current, moved);
    if (!isOvertaken(before, current, [...entries, ...moved.map(({ from }) => from)])) return mergeLock(current, merge);
    throw new PocketError(
      "ERR_POCKET_LOCK_BUSY",
      `another process changed ${listTools(changes)} in ${context.lockfile}`,
      {
        hint: "run `pocket lock update` again",
        details: { file: context.lockfile },
      },
    );
  });
  context.onProgress({ stage: "lock", subject: context.lockfile, state: "done" });
}

/** A tool whose author renamed it may not take the place of another. */
function refuseTakenNames(lock: Lockfile, moved: readonly { from: LockEntry; to: LockEntry }[]): void {
  const staying = new Set(lock.tools.map(({ name }) => name));
  for (const { from } of moved) staying.delete(from.name);
  for (const { from, to } of moved) {
    if (staying.has(to.name)) {
      throw new PocketError(
        "ERR_POCKET_TOOL_DUPLICATE",
        `"${from.name}" is now named "${to.name}" by its author, as another tool is`,
        {
          hint: `give it a name of your own: { name: "${from.name}" } in code, or [tools.${from.name}] in settings.toml`,
          details: { name: to.name, sources: [from.name, to.name] },
        },
      );
    }
    staying.add(to.name);
  }
}

function listTools(changes: readonly PlannedChange[]): string {
  return changes.map(({ change }) => change.tool).join(", ");
}
