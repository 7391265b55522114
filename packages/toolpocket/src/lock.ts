/** Core's work on locks, with what a Pocket of this package has: the Python packages of tools. */
import {
  type LockChange,
  type PocketOptions,
  syncLock as syncCore,
  type SyncLockOptions,
  type SyncReport,
  updateLock as updateCore,
  type UpdateLockOptions,
  verifyLock as verifyCore,
  type VerifyReport,
} from "@toolpocket/core";
import { pythonPackages } from "./python-packages.ts";

/** Pins every requested tool that is not pinned yet, with its packages: `pocket lock sync`. @throws PocketError as core's */
export async function syncLock(options: SyncLockOptions = {}): Promise<SyncReport> {
  return syncCore({ pythonPackages, ...options });
}

/** Moves pins to what their refs and packages mean today: `pocket lock update`. @throws PocketError as core's */
export async function updateLock(options: PocketOptions = {}, update: UpdateLockOptions = {}): Promise<LockChange[]> {
  return updateCore({ pythonPackages, ...options }, update);
}

/** Whether settings, lock and store agree: `pocket lock verify`. @throws PocketError as core's */
export async function verifyLock(options: PocketOptions = {}): Promise<VerifyReport> {
  return verifyCore({ pythonPackages, ...options });
}
