/** Makes the lock entry of a tool that was read. */
import { comparePermissions, isEmptyPermissions } from "../compare-permissions.ts";
import { digestDefinition } from "../definition.ts";
import { PocketError } from "../errors.ts";
import type { PinnedContent } from "./fetch-tools.ts";
import type { ToolModules } from "./tool-modules.ts";
import type { Permissions } from "../permissions.ts";
import type { ExternalLockEntry, LockEntry, Lockfile, PinnedLockEntry } from "./lock-entry.ts";
import { type LockContext, toLockedPath } from "./lock-context.ts";
import type { BrokenReadTool, FunctionReadTool, ReadTool, SoundReadTool } from "./read-tools.ts";

/** The entry to be written for a tool; none for a function, which is the user's own code. */
export function lockTool(context: LockContext, tool: ReadTool): LockEntry | undefined {
  if (tool.kind === "function") return lockExternalTool(tool);
  const { name, content } = tool;
  if (content.kind !== "local") return lockPinnedTool(tool, content);
  const path = toLockedPath(context, content.folder);
  return { name, source: "local", path, permissions: {}, ...lockModules(tool), ...tool.lockedPackages };
}

/** The entry of a tool whose content is pinned. */
export function lockPinnedTool(tool: SoundReadTool | BrokenReadTool, content: PinnedContent): PinnedLockEntry {
  const { name } = tool;
  const { integrity } = content;
  const manifest = tool.kind === "sound" ? lockManifest(tool) : keepManifest(content);
  const words = { integrity, ...manifest, ...lockModules(tool), ...tool.lockedPackages };
  if (content.kind === "remote") {
    const { kind, url, digest } = content.resolution;
    return { name, source: kind, url, digest, ...words };
  }
  const { url, ref, path, commit } = content.resolution;
  return { name, source: "git", url, ref, path, commit, ...words };
}

function lockModules({ lockedModules = [] }: ToolModules): Pick<LockEntry, "modules"> {
  return lockedModules.length === 0 ? {} : { modules: lockedModules };
}

/**
 * Holds the words of the lock against the content that it pins: they are what a reviewer saw.
 * @throws PocketError ERR_POCKET_INTEGRITY when the lock states another definition, or other permissions.
 */
export function checkLockedWords(locked: PinnedLockEntry, found: LockEntry): void {
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

type LockedManifest = Pick<PinnedLockEntry, "definition" | "permissions" | "wheels">;

function lockManifest({ manifest, isDescribed }: SoundReadTool): LockedManifest {
  const { permissions, wheels } = manifest;
  return {
    ...(!isDescribed && { definition: digestDefinition(manifest) }),
    permissions: normalise(permissions),
    wheels: wheels.map((wheel) => `${wheel.name} ${wheel.version} ${wheel.digest}`).toSorted(),
  };
}

/** What cannot be read now stays as it was read when it was locked. */
function keepManifest({ entry }: PinnedContent): LockedManifest {
  if (entry === undefined) return { permissions: {}, wheels: [] };
  const { definition, permissions, wheels } = entry;
  return { ...(definition !== undefined && { definition }), permissions, wheels };
}

function normalise(permissions: Permissions): Permissions {
  return comparePermissions({}, permissions).added;
}

function lockExternalTool({ name, requested: { target } }: FunctionReadTool): ExternalLockEntry | undefined {
  if (target.kind !== "external") return undefined;
  const { definition } = target;
  return { name, source: "mcp", url: definition.origin, definition: digestDefinition(definition), permissions: {} };
}

/**
 * Holds a tool that somebody else runs against what was pinned of it.
 * @throws PocketError ERR_POCKET_DEFINITION_CHANGED
 */
export function checkExternalDefinition(tool: ReadTool, found: LockEntry, lock: Lockfile): void {
  const { target } = tool.requested;
  if (target.kind !== "external" || target.definition.acceptChange === true) return;
  const locked = lock.tools.find(({ name }) => name === tool.name);
  if (locked?.source !== "mcp" || found.source !== "mcp") return;
  if (locked.url === found.url && locked.definition === found.definition) return;
  const { name, description, inputSchema } = target.definition;
  throw new PocketError(
    "ERR_POCKET_DEFINITION_CHANGED",
    `${target.definition.origin} defines "${name}" otherwise than it did when pocket.lock pinned it`,
    {
      hint: `review what it says now, then accept it: \`accept: ["${name}"]\` in fromMcp, or \`pocket remove ${name}\` to forget the pin`,
      details: { tool: name, definition: { name, description, inputSchema } },
    },
  );
}
