/** Makes the lock entry of a tool that was read. */
import { comparePermissions, isEmptyPermissions } from "../compare-permissions.ts";
import { digestDefinition } from "../definition.ts";
import { PocketError } from "../errors.ts";
import type { GitContent } from "./fetch-tools.ts";
import type { Permissions } from "../permissions.ts";
import type { GitLockEntry, LockEntry } from "./lock-entry.ts";
import { type LockContext, toLockedPath } from "./lock-context.ts";
import type { BrokenReadTool, ReadTool, SoundReadTool } from "./read-tools.ts";

/** The entry to be written for a tool; none for a function, which is the user's own code. */
export function lockTool(context: LockContext, tool: ReadTool): LockEntry | undefined {
  if (tool.kind === "function") return undefined;
  const { name, content } = tool;
  if (content.kind === "git") return lockGitTool(tool, content);
  return { name, source: "local", path: toLockedPath(context, content.folder), permissions: {} };
}

/** The entry of a tool in a repository. */
export function lockGitTool(tool: SoundReadTool | BrokenReadTool, content: GitContent): GitLockEntry {
  const { url, ref, path, commit } = content.resolution;
  const manifest = tool.kind === "sound" ? lockManifest(tool) : keepManifest(content);
  return { name: tool.name, source: "git", url, ref, path, commit, integrity: content.integrity, ...manifest };
}

/**
 * Holds the words of the lock against the content that it pins: they are what a reviewer saw.
 * @throws PocketError ERR_POCKET_INTEGRITY when the lock states another definition, or other permissions.
 */
export function checkLockedWords(locked: GitLockEntry, found: LockEntry): void {
  if (locked.definition === undefined || found.definition === undefined) return;
  const { added, removed } = comparePermissions(locked.permissions, found.permissions);
  const arePermissionsEqual = isEmptyPermissions(added) && isEmptyPermissions(removed);
  if (locked.definition === found.definition && arePermissionsEqual) return;
  const what = arePermissionsEqual ? "definition" : "permissions";
  throw new PocketError(
    "ERR_POCKET_INTEGRITY",
    `pocket.lock states another ${what} of "${locked.name}" than its pinned content has`,
    {
      hint: "restore pocket.lock from version control, or run `pocket lock sync` and review what it changes",
      details: { tool: locked.name, what },
    },
  );
}

type LockedManifest = Pick<GitLockEntry, "definition" | "permissions" | "wheels">;

function lockManifest({ manifest }: SoundReadTool): LockedManifest {
  const { permissions, wheels } = manifest;
  return {
    definition: digestDefinition(manifest),
    permissions: normalise(permissions),
    wheels: wheels.map((wheel) => `${wheel.name} ${wheel.version} ${wheel.digest}`).toSorted(),
  };
}

/** What cannot be read now stays as it was read when it was locked. */
function keepManifest({ entry }: GitContent): LockedManifest {
  if (entry === undefined) return { permissions: {}, wheels: [] };
  const { definition, permissions, wheels } = entry;
  return { ...(definition !== undefined && { definition }), permissions, wheels };
}

function normalise(permissions: Permissions): Permissions {
  return comparePermissions({}, permissions).added;
}
