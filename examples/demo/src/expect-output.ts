/** Takes the output of a call that has to succeed, without the line break that a script ends with. */
import type { Outcome } from "toolpocket";

/** @throws Error with the outcome's message when it is not `ok`. */
export function expectOutput(outcome: Outcome): string {
  if (outcome.status === "ok") return outcome.output.trimEnd();
  throw new Error(`the call ended with ${outcome.error.code}: ${outcome.error.message}`);
}
