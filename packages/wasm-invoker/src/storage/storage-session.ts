/** The granted folders of one run: read before it, changed after it where it ended well. */
import { mkdirSync, realpathSync } from "node:fs";
import { type Denial, PocketError, type RunRequest, type RunResult, shapeOutcome } from "@toolpocket/core";
import type { ResolvedLimits, StorageGrant } from "@toolpocket/core";
import { STORAGE_ROOT, type StorageChange, type StorageImage } from "@toolpocket/runtime-templates";
import { type AnchoredFolder, anchorFolder, stampOf } from "./anchored-folder.ts";
import { applyChanges, StorageConflict, withLocks } from "./apply-changes.ts";
import { readFolderImage, unreadable } from "./folder-image.ts";
import { hasJournal, lockPath, recoverFolder } from "./folder-journal.ts";
import { planChanges, type PlannedFolder } from "./plan-changes.ts";
import { DEFAULT_STORAGE_LIMITS, type StorageLimits } from "./storage-limits.ts";

export interface StorageSession {
  readonly images: readonly StorageImage[];
  /** The contents of each image. */
  readonly contents: readonly Uint8Array[];
  /** What the folders take up in the sandbox while they are handed to the run, in bytes. */
  readonly copiedBytes: number;
  /** Takes what the run has changed; a second word on it counts for nothing. */
  receive(changes: readonly StorageChange[], contents: Uint8Array): void;
  /** The result of the run: with its changes made, where it and they are good, else a failure and nothing changed. */
  finish(result: RunResult, options: FinishOptions): Promise<RunResult>;
  close(): void;
}

export interface FinishOptions extends Pick<RunRequest, "signal" | "onEvent"> {
  readonly limits: Pick<ResolvedLimits, "maxOutputBytes">;
}

/** The frame that brings a folder, the page's part of it, the guest's file system, and what changes are compared with. */
const COPIES = 4;

interface OpenFolder extends PlannedFolder {
  readonly root: AnchoredFolder;
  readonly lock: string;
}

/**
 * Opens and reads the folders; those that may be written are made where they are missing.
 * @throws PocketError ERR_POCKET_STORAGE_FOLDER
 */
export async function openStorageSession(
  grants: readonly StorageGrant[],
  limits: StorageLimits = DEFAULT_STORAGE_LIMITS,
): Promise<StorageSession> {
  const folders = new Map<string, OpenFolder>();
  const close = (): void => folders.forEach(({ root }) => root.close());
  try {
    for (const grant of grants) folders.set(grant.name, await openFolder(grant, limits));
  } catch (error) {
    close();
    throw error;
  }
  let received: { changes: readonly StorageChange[]; contents: Uint8Array } | undefined;

  return {
    images: [...folders.values()].map(toStorageImage),
    contents: [...folders.values()].map(({ image }) => image.contents),
    copiedBytes: COPIES * [...folders.values()].reduce((total, { image }) => total + image.contents.length, 0),
    receive(changes, contents) {
      received ??= { changes, contents };
    },
    async finish(result, options) {
      if (!received || !isGood(result, options.limits)) return result;
      const plan = planChanges(received.changes, received.contents, folders);
      if (plan.kind === "denied") return deny(result, plan.denial, options);
      if (plan.kind === "too-large") return toFailure(result, { code: "output_too_large", message: plan.message });
      const changed = [...plan.steps].flatMap(([name, steps]) => {
        const folder = folders.get(name);
        return folder ? [{ ...folder, steps, name }] : [];
      });
      try {
        await applyChanges(changed, options.signal);
        return result;
      } catch (error) {
        options.signal?.throwIfAborted();
        return toFailure(result, describeFailure(error));
      }
    },
    close,
  };
}

function toStorageImage({
  grant: { name, access },
  image,
  limits: { maxBytes, maxEntries },
}: OpenFolder): StorageImage {
  const entries = [...image.entries.values()].map(({ stamp: _stamp, ...entry }) => entry);
  return { name, access, entries, maxBytes, maxEntries };
}

async function openFolder(grant: StorageGrant, limits: StorageLimits): Promise<OpenFolder> {
  let root: AnchoredFolder | undefined;
  try {
    if (grant.access === "write") mkdirSync(grant.folder, { recursive: true, ...(grant.isPrivate && { mode: 0o700 }) });
    const real = realpathSync(grant.folder);
    root = anchorFolder(real);
    const lock = lockPath(real);
    return { grant, limits, root, lock, image: await readSettled(root, { ...grant, folder: real }, lock, limits) };
  } catch (error) {
    root?.close();
    throw error instanceof PocketError ? error : unreadable(grant, error);
  }
}

/** The folder at one moment: while another call makes its changes there, this one waits for the end of them. */
async function readSettled(root: AnchoredFolder, grant: StorageGrant, lock: string, limits: StorageLimits) {
  const before = stampOf(root.here).full;
  if (!hasJournal(lock)) {
    const image = readFolderImage(root, grant, limits);
    if (!hasJournal(lock) && stampOf(root.here).full === before) return image;
  }
  return withLocks([lock], async () => {
    recoverFolder(root, lock);
    return readFolderImage(root, grant, limits);
  });
}

/** Whether the caller will be told that all went well: a failed call changes nothing. */
function isGood(result: RunResult, { maxOutputBytes }: Pick<ResolvedLimits, "maxOutputBytes">): boolean {
  return shapeOutcome(result, { durationMs: 0, maxOutputBytes }).status === "ok";
}

type Failure = Pick<Extract<RunResult, { kind: "failed" }>, "code" | "message" | "retryable">;

function describeFailure(error: unknown): Failure {
  if (error instanceof StorageConflict) {
    const message = `${error.path} was changed on the host while the tool ran; nothing was written`;
    return { code: "execution_failed", message, retryable: true };
  }
  const reason = error instanceof Error && "code" in error ? String(error.code) : "an unknown reason";
  return { code: "execution_failed", message: `what the tool wrote in ${STORAGE_ROOT} could not be kept: ${reason}` };
}

function deny(result: RunResult, denial: Denial, { onEvent }: FinishOptions): RunResult {
  onEvent?.({ type: "denial", ...denial });
  const message = `${denial.subject}: ${denial.message}; nothing was written`;
  return { ...toFailure(result, { code: "permission_denied", message }), denials: [...(result.denials ?? []), denial] };
}

function toFailure(result: RunResult, failure: Failure): RunResult {
  const { stdout, stderr, coldStart, peakMemoryBytes, fuel, denials } = result;
  return {
    kind: "failed",
    ...failure,
    stdout,
    stderr,
    coldStart,
    ...(peakMemoryBytes !== undefined && { peakMemoryBytes }),
    ...(fuel !== undefined && { fuel }),
    ...(denials && { denials }),
  };
}
