/** The error of a call that failed where there is no tool message to say so. */
import type { FailedOutcome } from "@toolpocket/core";

/** Thrown by `tool.invoke(input)` when it is called with bare input, not with a model's tool call. */
export class FailedOutcomeError extends Error {
  override readonly name = "FailedOutcomeError";
  readonly outcome: FailedOutcome;

  constructor(message: string, outcome: FailedOutcome) {
    super(message);
    this.outcome = outcome;
  }
}
