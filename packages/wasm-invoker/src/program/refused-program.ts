/** A program that is not run, because of what it is: an outcome of its calls, not an error of the set-up. */
import type { OutcomeCode } from "@toolpocket/core";

export class RefusedProgram extends Error {
  override readonly name = "RefusedProgram";
  readonly code: OutcomeCode;

  constructor(code: OutcomeCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
