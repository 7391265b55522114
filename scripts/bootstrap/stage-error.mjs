/** The error of a stage that could not be done: what failed, what it printed, and what to do about it. */

export class StageError extends Error {
  /**
   * @param {string} message what failed, without a final period
   * @param {{ advice: string, output?: string, exitCode?: number, cause?: unknown }} options
   *   `advice` is an imperative; `output` is what the failed command printed
   */
  constructor(message, { advice, output = "", exitCode = 1, cause }) {
    super(message, { cause });
    this.name = "StageError";
    this.advice = advice;
    this.output = output;
    this.exitCode = exitCode;
  }
}
