/** What a call gives back: plain JSON, whatever happened. */
import type { InstalledPackage, JsonValue, SessionOutcome } from "@toolpocket/core";
import type { SyncedChanges } from "./workspace/workspace-options.ts";

export interface ExecutionResult {
  readonly success: true;
  /** The last expression: its value where that is JSON, else its repr; null where there is none. */
  readonly result: JsonValue;
  readonly stdout: string;
  readonly stderr: string;
  /** Whole milliseconds. */
  readonly executionTime: number;
  /** What was changed in the user's folder, where it was synced. */
  readonly workspace?: SyncedChanges;
  /** What the model should know about the session. */
  readonly notice?: string;
}

export interface FailedResult {
  readonly success: false;
  readonly error: string;
  /** As Python prints it, with the code's own frames only; "" where no code failed. */
  readonly traceback: string;
  readonly stdout: string;
  readonly stderr: string;
  /** What to do about it. */
  readonly advice?: string;
  readonly workspace?: SyncedChanges;
}

export interface InstallResult {
  readonly success: true;
  /** As it was asked for. */
  readonly package: string;
  /** What was installed for it: empty where all was there. */
  readonly installed: readonly InstalledPackage[];
}

export interface ListResult {
  readonly success: true;
  /** Sorted by name. */
  readonly packages: readonly InstalledPackage[];
}

export type ToolResult = ExecutionResult | InstallResult | ListResult | FailedResult;

const RESTORED = "the session had to be started anew: variables and files of earlier calls are gone";

/** The result of a run. */
export function toExecutionResult(outcome: SessionOutcome, workspace: SyncedChanges | undefined): ToolResult {
  const { stdout, stderr, error, value, repr, usage, restored } = outcome;
  const changes = workspace === undefined ? {} : { workspace };
  if (outcome.status === "error") {
    return {
      success: false,
      error: error?.message ?? "the code failed",
      traceback: error?.traceback ?? "",
      stdout,
      stderr,
      ...(error?.hint !== undefined && { advice: error.hint }),
      ...changes,
    };
  }
  return {
    success: true,
    result: value ?? repr ?? null,
    stdout,
    stderr,
    executionTime: Math.round(usage.durationMs),
    ...changes,
    ...(restored && { notice: RESTORED }),
  };
}

/** A call that ran no code. */
export function toFailure(error: string, advice?: string): FailedResult {
  return { success: false, error, traceback: "", stdout: "", stderr: "", ...(advice !== undefined && { advice }) };
}
