/** What an update would change of a tool: commit, files, permissions, and the definition that a model reads. */
import { comparePermissions, isEmptyPermissions, type PermissionChange } from "../compare-permissions.ts";
import { diffDefinition, type ToolDefinition } from "../definition.ts";
import { isPocketError } from "../errors.ts";
import { readManifest } from "../manifest/read-manifest.ts";
import type { ToolFiles } from "../program.ts";
import type { ContentLockEntry, SessionPins } from "./lock-entry.ts";

export interface LockChange {
  /** The tool's name in the lock; "sessions with …" for the packages of sessions. */
  readonly tool: string;
  /** The commit; the digest of what is no repository's; of a local tool the modules that its manifest names. */
  readonly from: string;
  readonly to: string;
  /** Paths, sorted; absent when the old content is neither in the store nor to be had from its repository. */
  readonly files?: FileChange;
  /** Wheels of Python packages, "name version"; absent where none change. */
  readonly packages?: PackageChange;
  readonly permissions: PermissionChange;
  /** A unified diff of name, description and input schema, invisible characters made visible; "" when they are the same. */
  readonly definition: string;
  /** Why the tool stays at `from`: its manifest at `to` is broken. */
  readonly refused?: string;
}

export interface PackageChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

export interface FileChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** The change from a locked tool, with its content where it is to be had, to its new entry and content. */
export function describeChange(
  locked: { entry: ContentLockEntry; files: ToolFiles | undefined },
  fresh: { entry: ContentLockEntry; files: ToolFiles; refused: string | undefined },
): LockChange {
  const before = locked.files === undefined ? undefined : readDefinition(locked.files);
  const after = readDefinition(fresh.files);
  return {
    tool: locked.entry.name,
    from: describePin(locked.entry),
    to: describePin(fresh.entry),
    ...(locked.files !== undefined && { files: compareFiles(locked.files, fresh.files) }),
    ...comparePackages(locked.entry, fresh.entry),
    permissions: comparePermissions(locked.entry.permissions, fresh.entry.permissions),
    definition: after === undefined ? "" : diffDefinition(before ?? NO_DEFINITION, after),
    ...(fresh.refused !== undefined && { refused: fresh.refused }),
  };
}

/** What an entry is pinned to. */
export function describePin(entry: ContentLockEntry): string {
  if (entry.source === "local") return [...(entry.modules ?? []), ...listPackages(entry)].join(", ");
  return entry.source === "git" ? entry.commit : entry.digest;
}

/** Whether a person has to agree: the tool asks for more than it did when it was locked. */
export function asksForMore({ permissions, refused }: LockChange): boolean {
  return refused === undefined && !isEmptyPermissions(permissions.added);
}

/** The change of the packages that sessions are opened with. */
export function describeSessionChange({ from, to }: { from: SessionPins; to: SessionPins }): LockChange {
  const tool = `sessions with ${from.requires.join(", ")}`;
  const files = { added: [], removed: [], changed: [] };
  const permissions = { added: {}, removed: {} };
  return { tool, from: "", to: "", files, ...comparePackages(from, to), permissions, definition: "" };
}

/** "name version" of each wheel. */
function listPackages({ packages = [] }: Pick<ContentLockEntry, "packages">): readonly string[] {
  return packages.map((line) => line.split(" ").slice(0, 2).join(" "));
}

function comparePackages(
  before: Pick<ContentLockEntry, "packages">,
  after: Pick<ContentLockEntry, "packages">,
): { packages?: PackageChange } {
  const [old, fresh] = [listPackages(before), listPackages(after)];
  const added = fresh.filter((line) => !old.includes(line));
  const removed = old.filter((line) => !fresh.includes(line));
  return added.length + removed.length === 0 ? {} : { packages: { added, removed } };
}

const NO_DEFINITION: ToolDefinition = { name: "", description: "", inputSchema: {} };

function readDefinition(files: ToolFiles): ToolDefinition | undefined {
  try {
    return readManifest(files);
  } catch (error) {
    if (isPocketError(error)) return undefined;
    throw error;
  }
}

function compareFiles(before: ToolFiles, after: ToolFiles): FileChange {
  const isSame = (path: string): boolean =>
    Buffer.from(before.get(path) ?? []).equals(after.get(path) ?? new Uint8Array());
  return {
    added: [...after.keys()].filter((path) => !before.has(path)).toSorted(),
    removed: [...before.keys()].filter((path) => !after.has(path)).toSorted(),
    changed: [...after.keys()].filter((path) => before.has(path) && !isSame(path)).toSorted(),
  };
}
