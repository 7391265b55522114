/** Plans where each requested tool's content comes from: a lock entry, a repository's pin, the remote, or this disk. */
import type { GitSource, RemoteSource } from "../source/source.ts";
import { withoutManifest } from "../source/tree-path.ts";
import { entryMatches } from "./entry-matches.ts";
import {
  isPinned,
  type Lockfile,
  type PinnedLockEntry,
  type RepositoryPin,
  toGitSource,
  toSource,
} from "./lock-entry.ts";
import type { RequestedTool } from "./requested-tool.ts";

export type ToolPlan =
  /** Nothing is fetched: the user's function, or a tool that somebody else runs. */
  | { readonly kind: "function" }
  | { readonly kind: "local"; readonly folder: string }
  /** The lock holds the tool: exactly that content, whatever the ref means today. */
  | { readonly kind: "pinned"; readonly entry: PinnedLockEntry; readonly source: GitSource | RemoteSource }
  /** Its ref or tag is to be resolved, or `commit` taken, where Hyperpocket's lock pinned the repository. */
  | { readonly kind: "unpinned"; readonly source: GitSource | RemoteSource; readonly commit?: string };

export interface PlannedTool {
  readonly requested: RequestedTool;
  readonly plan: ToolPlan;
}

/** Entries are found by URL, ref and path, not by name: names are known only when the manifest has been read. */
export function planTools(requested: readonly RequestedTool[], lock: Lockfile): PlannedTool[] {
  return requested.map((tool) => ({ requested: tool, plan: planTool(tool, lock) }));
}

function planTool({ target, options }: RequestedTool, lock: Lockfile): ToolPlan {
  if (target.kind === "function" || target.kind === "external") return { kind: "function" };
  if (target.kind === "local") return { kind: "local", folder: target.path };
  const entry = findEntry(target, options.name, lock);
  if (entry !== undefined) return { kind: "pinned", entry, source: toSource(entry) };
  const pinned = target.kind === "git" ? findPin(target, lock) : undefined;
  return pinned ?? { kind: "unpinned", source: target };
}

/** Two tools may share a source under two names: then the name decides, else any of them holds the content. */
function findEntry(
  source: GitSource | RemoteSource,
  name: string | undefined,
  lock: Lockfile,
): PinnedLockEntry | undefined {
  const pinned = lock.tools.filter(isPinned);
  const matching = pinned.filter((entry) => entryMatches(entry, source));
  return matching.find((entry) => entry.name === name) ?? matching[0];
}

function findPin(source: GitSource, lock: Lockfile): ToolPlan | undefined {
  for (const pin of lock.pins) {
    const path = pin.url === source.url ? pathUnderPin(source, pin) : undefined;
    if (path !== undefined) return { kind: "unpinned", source: toGitSource({ ...pin, path }), commit: pin.commit };
  }
  return undefined;
}

/** The tool's path in the pinned repository; undefined when the pin is of another ref. */
function pathUnderPin(source: GitSource, pin: RepositoryPin): string | undefined {
  if (source.refAndPath === undefined) return (source.ref ?? "HEAD") === pin.ref ? source.path : undefined;
  const whole = withoutManifest(source.refAndPath);
  if (whole === pin.ref) return "";
  return whole.startsWith(`${pin.ref}/`) ? whole.slice(pin.ref.length + 1) : undefined;
}
