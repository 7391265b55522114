/** The error of a call that failed, for frameworks in which a tool says so by throwing. */
import type { FailedOutcome } from "./outcome.ts";

/** Thrown by adapters; `message` is what the model reads of the failure. */
export class FailedOutcomeError extends Error {
  override readonly name = "FailedOutcomeError";
  readonly outcome: FailedOutcome;

  constructor(message: string, outcome: FailedOutcome) {
    super(message);
    this.outcome = outcome;
  }
}
