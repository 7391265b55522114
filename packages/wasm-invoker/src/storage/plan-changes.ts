/** Decides whether what a run did in its folders may be done on the host, and turns it into steps. */
import type { Denial, StorageGrant } from "@toolpocket/core";
import { STORAGE_ROOT, type StorageChange } from "@toolpocket/runtime-templates";
import type { FileStamp } from "./anchored-folder.ts";
import type { FolderImage } from "./folder-image.ts";
import type { StorageLimits } from "./storage-limits.ts";
import { describeForbiddenPath } from "./storage-paths.ts";

/** One step in a folder; `found` is the state in which the run has seen what it replaces or removes. */
export type ChangeStep =
  | { readonly kind: "remove"; readonly path: string; readonly found: FileStamp }
  | { readonly kind: "remove-folder"; readonly path: string }
  | { readonly kind: "make-folder"; readonly path: string }
  | { readonly kind: "write"; readonly path: string; readonly content: Uint8Array; readonly found?: FileStamp };

export type ChangePlan =
  | { readonly kind: "steps"; readonly steps: ReadonlyMap<string, readonly ChangeStep[]> }
  | { readonly kind: "denied"; readonly denial: Denial }
  | { readonly kind: "too-large"; readonly message: string };

export interface PlannedFolder {
  readonly grant: StorageGrant;
  readonly image: FolderImage;
  readonly limits: StorageLimits;
}

/** Steps by folder name, in the order in which they can be taken. The changes are a guest's word: each is checked. */
export function planChanges(
  changes: readonly StorageChange[],
  contents: Uint8Array,
  folders: ReadonlyMap<string, PlannedFolder>,
): ChangePlan {
  const drafts = new Map<string, Draft>();
  let offset = 0;
  for (const change of changes) {
    const folder = folders.get(change.storage);
    const denial = denyChange(change, folder?.grant) ?? denyHidden(change, folder?.image);
    if (denial || !folder) return { kind: "denied", denial: denial ?? notGranted(change) };
    const draft = drafts.get(change.storage) ?? startDraft(folder);
    drafts.set(change.storage, draft);
    const content = change.kind === "write" ? contents.subarray(offset, (offset += change.size)) : undefined;
    if (!draft.take(change, content)) return { kind: "denied", denial: contradiction(change) };
  }
  for (const [name, { bytes, entries }] of drafts) {
    const limits = folders.get(name)?.limits;
    if (limits && bytes > limits.maxBytes) return tooLarge(name, `${limits.maxBytes} bytes`);
    if (limits && entries > limits.maxEntries) return tooLarge(name, `${limits.maxEntries} files and folders`);
  }
  return { kind: "steps", steps: new Map([...drafts].map(([name, draft]) => [name, draft.steps])) };
}

interface Draft {
  readonly steps: ChangeStep[];
  /** Of the folder as a whole, after the changes so far. */
  readonly bytes: number;
  readonly entries: number;
  /** False where the change cannot be made of what stands there by now. */
  take(change: StorageChange, content: Uint8Array | undefined): boolean;
}

function startDraft({ image }: PlannedFolder): Draft {
  const steps: ChangeStep[] = [];
  const now = new Map<string, { kind: string; size: number }>();
  const touched = new Set<string>();
  for (const [path, entry] of image.entries) now.set(path, { kind: entry.kind, size: toSize(entry) });
  let bytes = [...now.values()].reduce((total, { size }) => total + size, 0);

  function put(path: string, kind: string, size: number): void {
    bytes += size - (now.get(path)?.size ?? 0);
    now.set(path, { kind, size });
  }

  return {
    steps,
    get bytes() {
      return bytes;
    },
    get entries() {
      return now.size;
    },
    take(change, content) {
      const { kind, path } = change;
      const standing = now.get(path);
      const parent = path.includes("/") ? now.get(path.slice(0, path.lastIndexOf("/")))?.kind : "folder";
      const key = `${kind} ${path}`;
      if (parent !== "folder" || touched.has(key)) return false;
      touched.add(key);
      const found = image.entries.get(path)?.stamp;
      if (kind === "remove") {
        if (!standing || !found) return false;
        steps.push(standing.kind === "folder" ? { kind: "remove-folder", path } : { kind, path, found });
        bytes -= standing.size;
        return now.delete(path);
      }
      if (kind === "make-folder" && !standing) {
        steps.push({ kind, path });
        put(path, "folder", 0);
        return true;
      }
      if (kind !== "write" || !content || (standing && standing.kind !== "file")) return false;
      steps.push({ kind, path, content, ...(standing && found && { found }) });
      put(path, "file", content.length);
      return true;
    },
  };
}

function toSize(entry: { kind: string } | { kind: "file"; size: number }): number {
  return "size" in entry ? entry.size : 0;
}

function denyChange(change: StorageChange, grant: StorageGrant | undefined): Denial | undefined {
  if (!grant) return notGranted(change);
  if (grant.access !== "write") {
    const message = "the folder was granted for reading only";
    return { ...toDenial(change, message), grant: `write:${grant.folder} at ${grant.name}` };
  }
  const problem = describeForbiddenPath(change.path);
  if (problem !== null) return toDenial(change, `the path ${problem}`);
  return change.kind === "link" ? toDenial(change, "a tool may make no links") : undefined;
}

/** Nothing that the tool was not shown is replaced, or goes with its folder. */
function denyHidden(change: StorageChange, image: FolderImage | undefined): Denial | undefined {
  const { kind, path } = change;
  const isInTheWay =
    kind === "remove"
      ? [...(image?.hidden ?? [])].some((other) => other.startsWith(`${path}/`))
      : image?.hidden.has(path) === true;
  return isInTheWay ? toDenial(change, "something stands there that tools are not shown") : undefined;
}

function notGranted(change: StorageChange): Denial {
  return toDenial(change, "no folder of that name was granted");
}

function contradiction(change: StorageChange): Denial {
  return toDenial(change, "the change does not fit what stands there");
}

/** Names are a guest's: shown with what is invisible in them made visible. */
function toDenial({ kind, storage, path }: StorageChange, message: string): Denial {
  return { kind: "storage", subject: `${kind} ${JSON.stringify(`${STORAGE_ROOT}/${storage}/${path}`)}`, message };
}

function tooLarge(name: string, limit: string): ChangePlan {
  return { kind: "too-large", message: `the tool left more than ${limit} in ${STORAGE_ROOT}/${name}` };
}
