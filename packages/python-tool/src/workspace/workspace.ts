/** Keeps the user's folder and the session's working directory alike: files in before a run, changes out after it. */
import type { Session, SessionOutcome } from "@toolpocket/core";
import { changeHostFile, digestOfContent, type FolderLimits, locateHostFolder, readHostFolder } from "./host-folder.ts";
import { type IncludedPaths, readIncludedPaths } from "./included-paths.ts";
import {
  DEFAULT_MAX_WORKSPACE_BYTES,
  DEFAULT_MAX_WORKSPACE_FILES,
  type SyncedChanges,
  type WorkspaceOptions,
} from "./workspace-options.ts";

export interface Workspace {
  /**
   * Copies in what differs from what the session has.
   * @throws PocketError ERR_POCKET_STORAGE_FOLDER, ERR_POCKET_SESSION_FILE
   */
  copyIn(session: Session): Promise<void>;
  /** Copies out what code has changed since the last time; with read access, only tells it. */
  copyOut(session: Session): Promise<SyncedChanges>;
  /** Takes note of what a run has changed. */
  note(outcome: SessionOutcome): void;
  /** The session has begun anew: it has none of the files. */
  forget(): void;
}

/** @throws TypeError for options that are wrong */
export function createWorkspace(options: WorkspaceOptions): Workspace {
  const { folder, access = "read" } = options;
  const included = readIncludedPaths(options.include);
  const limits: FolderLimits = {
    maxBytes: options.maxBytes ?? DEFAULT_MAX_WORKSPACE_BYTES,
    maxFiles: options.maxFiles ?? DEFAULT_MAX_WORKSPACE_FILES,
  };
  /** Digests of what both sides had when they were last alike. */
  const alike = new Map<string, string>();
  /** What code has changed since. */
  const changed = new Set<string>();
  /** Whether what is missing was removed by code, and not lost with an instance. */
  let isWhole = true;
  return {
    async copyIn(session) {
      const root = await locateHostFolder(folder);
      const files = await readHostFolder(root, included, limits);
      await forgetLost(session, alike);
      for (const [path, content] of files) {
        const digest = digestOfContent(content);
        if (alike.get(path) === digest || changed.has(path)) continue;
        await session.writeFile(path, content);
        alike.set(path, digest);
      }
      for (const path of alike.keys()) {
        if (files.has(path) || changed.has(path)) continue;
        await removeInside(session, path);
        alike.delete(path);
      }
    },
    async copyOut(session) {
      const changes = await collectChanges(session, { included, limits, alike, changed, isWhole });
      const result = { written: [] as string[], removed: [] as string[], skipped: [...changes.skipped] };
      const root = await locateHostFolder(folder);
      for (const [path, content] of changes.files) {
        const reason =
          access === "read"
            ? "the workspace may only be read"
            : await changeHostFile(root, path, { content, expected: alike.get(path) });
        if (reason !== undefined) {
          result.skipped.push({ path, reason });
          continue;
        }
        changed.delete(path);
        if (content === undefined) alike.delete(path);
        else alike.set(path, digestOfContent(content));
        (content === undefined ? result.removed : result.written).push(path);
      }
      return result;
    },
    note({ files, restored }) {
      isWhole = !restored;
      if (restored) changed.clear();
      for (const { path } of files) if (included.hasFile(path)) changed.add(path);
    },
    forget() {
      alike.clear();
      changed.clear();
    },
  };
}

interface Comparison {
  readonly included: IncludedPaths;
  readonly limits: FolderLimits;
  readonly alike: ReadonlyMap<string, string>;
  readonly changed: ReadonlySet<string>;
  readonly isWhole: boolean;
}

interface FoundChanges {
  /** New content by path; undefined where the file was removed. */
  readonly files: ReadonlyMap<string, Uint8Array | undefined>;
  readonly skipped: SyncedChanges["skipped"];
}

/** What a guest lists is its word: paths and sizes are checked before anything is taken of it. */
async function collectChanges(
  session: Session,
  { included, limits, alike, changed, isWhole }: Comparison,
): Promise<FoundChanges> {
  const listed = new Map((await session.listFiles()).map(({ path, size }) => [path, size]));
  const files = new Map<string, Uint8Array | undefined>();
  const skipped: { path: string; reason: string }[] = [];
  let bytes = 0;
  for (const path of [...changed].toSorted()) {
    const size = listed.get(path);
    if (size === undefined || !included.hasFile(path)) continue;
    if (files.size >= limits.maxFiles || bytes + size > limits.maxBytes) {
      skipped.push({ path, reason: "there is more than the workspace's limits allow" });
      continue;
    }
    const content = await session.readFile(path);
    bytes += content.length;
    if (alike.get(path) !== digestOfContent(content)) files.set(path, content);
  }
  for (const path of isWhole ? alike.keys() : []) if (!listed.has(path)) files.set(path, undefined);
  return { files, skipped };
}

/** What the session has no more, because its instance was lost, is sent again. */
async function forgetLost(session: Session, alike: Map<string, string>): Promise<void> {
  if (alike.size === 0) return;
  const listed = new Set((await session.listFiles()).map(({ path }) => path));
  for (const path of alike.keys()) if (!listed.has(path)) alike.delete(path);
}

/** The path is written as a text of Python, of which JSON's are a part. */
async function removeInside(session: Session, path: string): Promise<void> {
  await session.run(`__import__("pathlib").Path(${JSON.stringify(path)}).unlink(missing_ok=True)`);
}
