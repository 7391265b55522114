/** Runs that change granted folders, without a guest: what the tests of storage sessions begin with. */
import type { RunEvent, RunResult, StorageGrant } from "@toolpocket/core";
import type { StorageChange } from "@toolpocket/runtime-templates";
import { openStorageSession } from "../../src/storage/storage-session.ts";

export const OK: RunResult = {
  kind: "exited",
  exitCode: 0,
  stdout: new Uint8Array(0),
  stderr: new Uint8Array(0),
  coldStart: false,
};
export const LIMITS = { maxOutputBytes: 1_000 };

export const write = (path: string, size: number, storage = "data"): StorageChange => ({
  kind: "write",
  storage,
  path,
  size,
});
export const remove = (path: string): StorageChange => ({ kind: "remove", storage: "data", path });
export const makeFolder = (path: string): StorageChange => ({ kind: "make-folder", storage: "data", path });

export interface Attempted {
  readonly changes: readonly StorageChange[];
  readonly text?: string;
  readonly result?: RunResult;
  /** Done on the host between the reading of the folder and the end of the run. */
  readonly meanwhile?: () => void;
  readonly limits?: { maxBytes: number; maxEntries: number };
  readonly onEvent?: (event: RunEvent) => void;
  readonly signal?: AbortSignal;
}

export async function runIn(grants: readonly StorageGrant[], attempted: Attempted): Promise<RunResult> {
  const { changes, text = "", result = OK, meanwhile, limits, onEvent, signal } = attempted;
  const session = await openStorageSession(grants, limits);
  try {
    meanwhile?.();
    session.receive(changes, Buffer.from(text));
    return await session.finish(result, { limits: LIMITS, ...(onEvent && { onEvent }), ...(signal && { signal }) });
  } finally {
    session.close();
  }
}
