/** A dead letter: a call that failed for good, as it is kept for whoever looks after it. */
import type { JsonValue } from "../json.ts";
import type { FailedOutcome, OutcomeError } from "../outcome.ts";

export interface DeadLetter {
  /** The tool as the agent calls it. */
  readonly tool: string;
  /** As it was validated, before any variable or secret was bound to the call. */
  readonly input: JsonValue;
  readonly status: FailedOutcome["status"];
  readonly error: OutcomeError;
  readonly attempts: number;
  /** When the last attempt failed, in ISO 8601. */
  readonly failedAt: string;
}

/** Codes of calls that never ran, or that the caller ended himself: calling them again as they are is of no use. */
const NOT_KEPT: ReadonlySet<string> = new Set(["invalid_input", "canceled"]);

/** The letter for a call that has failed; undefined where there is nothing to try again. */
export function toDeadLetter(
  { status, error }: FailedOutcome,
  call: { readonly tool: string; readonly input: JsonValue; readonly attempts: number },
): DeadLetter | undefined {
  if (NOT_KEPT.has(error.code)) return undefined;
  return { ...call, status, error, failedAt: new Date().toISOString() };
}
