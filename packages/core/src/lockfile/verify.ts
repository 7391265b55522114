/** Checks settings, lock and store against each other, without the network: `pocket lock verify`. */
import { isPocketError, PocketError } from "../errors.ts";
import type { PocketOptions } from "../pocket-options.ts";
import type { ToolFiles } from "../program.ts";
import { formatSource } from "../source/format-source.ts";
import { locatePlace } from "../source/locate-place.ts";
import { readStoredModule } from "../modules/module-fetcher.ts";
import { takeStored, toResolution } from "./fetch-tools.ts";
import { findStaleEntries } from "./find-stale-entries.ts";
import { type LockContext, openLockContext, toFolder, toLockedPath } from "./lock-context.ts";
import {
  EMPTY_LOCKFILE,
  type LocalLockEntry,
  type LockEntry,
  type Lockfile,
  type PinnedLockEntry,
} from "./lock-entry.ts";
import { checkLockedWords, lockPinnedTool } from "./lock-tool.ts";
import { readLockfile } from "./lockfile-on-disk.ts";
import { planTools } from "./plan-tools.ts";
import { readTools } from "./read-tools.ts";
import { partFailures } from "./tool-failure.ts";
import { fetchModules } from "./tool-modules.ts";
import { readRequests, requestEntry, type RequestedTool } from "./requested-tool.ts";
import { findMissingPackage, type VerifiedSession, verifySession } from "./verify-packages.ts";

/**
 * - `ok`: the store holds exactly what the lock pins, and the lock states its definition and permissions. A local tool's
 *   folder is there.
 * - `missing`: the store has no such content, or the folder is gone. `pocket lock sync` fetches it.
 * - `damaged`: the store's content was changed. `pocket lock sync` fetches it again.
 * - `differs`: the lock states another definition or other permissions than its content has.
 * - `stale`: no request asks for it.
 * - `unlocked`: a request that the lock does not hold, or cannot hold.
 */
export type VerifyState = "ok" | "missing" | "damaged" | "differs" | "stale" | "unlocked";

export interface VerifiedTool {
  readonly name: string;
  /** On one line. */
  readonly source: string;
  readonly state: VerifyState;
  /** What is wrong; absent where nothing is. */
  readonly message?: string;
}

export interface VerifyReport {
  /** Whether every tool and every session is `ok`. */
  readonly ok: boolean;
  /** Absolute path of the lockfile. */
  readonly lockfile: string;
  /** In the order of the lock, the unlocked at the end. */
  readonly tools: readonly VerifiedTool[];
  /** The packages that sessions are opened with, in the order of the lock. */
  readonly sessions: readonly VerifiedSession[];
}

/**
 * Verifies every entry of the lock and every request; changes nothing. Programs that name their tools in code are not
 * known here: entries are `stale` only where settings.toml, or `tools`, name any.
 * @throws PocketError ERR_POCKET_LOCK_INVALID, ERR_POCKET_SETTINGS_INVALID, ERR_POCKET_STORE
 */
export async function verifyLock(options: PocketOptions = {}): Promise<VerifyReport> {
  const context = await openLockContext(options);
  const lock = await readLockfile(context.lockfile);
  const { requested, failures } = await readRequests(context.requests, context.cwd);
  // The source of a request that failed is not known; its name may be.
  const named = new Set(failures.map(({ name }) => name));
  const orphans = context.requests.length === 0 ? [] : findStaleEntries(context, requested, lock);
  const stale = new Set(orphans.filter((entry) => !named.has(entry.name)));
  const locked = new Set(lock.tools.map(({ name }) => name));
  const unreadable = failures.filter(({ name }) => name === undefined || !locked.has(name));
  const unlocked = findUnlocked(context, requested, lock);
  const tools = [
    ...(await Promise.all(
      lock.tools.map((entry) =>
        stale.has(entry) ? report(entry, "stale", "no request asks for it") : verifyEntry(context, entry),
      ),
    )),
    ...unlocked.map(({ label, options: { name } }) => reportUnlocked(name, label, "pocket.lock does not hold it")),
    ...unreadable.map(({ name, label, error }) => reportUnlocked(name, label, error.message)),
  ];
  const sessions = await Promise.all((lock.sessions ?? []).map((pins) => verifySession(context.packages, pins)));
  const ok = [...tools, ...sessions].every(({ state }) => state === "ok");
  return { ok, lockfile: context.lockfile, tools, sessions };
}

function findUnlocked(context: LockContext, requested: readonly RequestedTool[], lock: Lockfile): RequestedTool[] {
  const folders = new Set(lock.tools.filter((entry) => entry.source === "local").map(({ path }) => path));
  return planTools(requested, lock)
    .filter(
      ({ plan }) =>
        plan.kind === "unpinned" || (plan.kind === "local" && !folders.has(toLockedPath(context, plan.folder))),
    )
    .map((planned) => planned.requested);
}

async function verifyEntry(context: LockContext, entry: LockEntry): Promise<VerifiedTool> {
  // What a server says is held against its pin when the server is asked: here is nothing to compare.
  if (entry.source === "mcp") return report(entry, "ok");
  return entry.source === "local" ? verifyLocalEntry(context, entry) : verifyPinnedEntry(context, entry);
}

async function verifyLocalEntry(context: LockContext, entry: LocalLockEntry): Promise<VerifiedTool> {
  try {
    await locatePlace(toFolder(context, entry.path));
    const missing = await findMissing(context, entry);
    return missing === undefined ? report(entry, "ok") : report(entry, "missing", missing);
  } catch (error) {
    if (!isPocketError(error)) throw error;
    return report(entry, "missing", error.message);
  }
}

async function verifyPinnedEntry(context: LockContext, entry: PinnedLockEntry): Promise<VerifiedTool> {
  try {
    const files = await context.store.readTree(entry.integrity);
    const missing = files === null ? "its content is not in the store" : await findMissing(context, entry);
    if (files === null || missing !== undefined) return report(entry, "missing", missing);
    await checkEntry(context, entry, files);
    return report(entry, "ok");
  } catch (error) {
    if (!isPocketError(error) || error.code !== "ERR_POCKET_INTEGRITY") throw error;
    return report(entry, "what" in error.details ? "differs" : "damaged", error.message);
  }
}

/** What is said of the first module or wheel that is not here as the lock pins it. */
async function findMissing(context: LockContext, entry: LockEntry): Promise<string | undefined> {
  return (await findMissingModule(context, entry)) ?? findMissingPackage(context.packages, entry.packages ?? []);
}

/** What is said of the first of its modules that the store does not hold as the lock pins it. */
async function findMissingModule({ store }: LockContext, { modules = [] }: LockEntry): Promise<string | undefined> {
  for (const module of modules) {
    const [reference, digest = ""] = module.split(" ");
    if ((await readStoredModule(store, digest)) === null) return `its module ${reference} is not in the store`;
  }
  return undefined;
}

async function checkEntry(context: LockContext, entry: PinnedLockEntry, files: ToolFiles): Promise<void> {
  const read = readTools([{ requested: requestEntry(entry, context), content: takeStored(entry, files) }]);
  const { done, failures } = partFailures(await fetchModules({ ...context, frozen: true }, EMPTY_LOCKFILE, read));
  if (failures[0] !== undefined) {
    throw new PocketError("ERR_POCKET_INTEGRITY", "pocket.lock does not hold the module that its manifest names", {
      hint: "run `pocket lock sync`",
      details: { tool: entry.name, what: "modules" },
      cause: failures[0].error,
    });
  }
  for (const tool of done) {
    if (tool.kind !== "function" && tool.content.kind !== "local") {
      checkLockedWords(entry, lockPinnedTool(tool, tool.content));
    }
  }
}

function report(entry: LockEntry, state: VerifyState, message?: string): VerifiedTool {
  const source =
    entry.source === "mcp"
      ? entry.url
      : entry.source === "local"
        ? `local:${entry.path}`
        : formatSource(toResolution(entry));
  return { name: entry.name, source, state, ...(message !== undefined && { message }) };
}

function reportUnlocked(name: string | undefined, source: string, message: string): VerifiedTool {
  return { name: name ?? source, source, state: "unlocked", message };
}
