/** The text that a model reads of a failed call: what failed, the end of standard error, what it can do. */
import type { FailedOutcome, OutcomeCode } from "./outcome.ts";

const MAX_STDERR_LINES = 10;
const MAX_STDERR_CHARACTERS = 2_000;

const ADVICE: Record<OutcomeCode, string> = {
  invalid_input: "Correct the named arguments and call the tool again.",
  unsupported_tool: "Do not call this tool again; go on without it.",
  runtime_policy_invalid: "Do not call this tool again; go on without it.",
  isolation_unavailable: "Do not call this tool again; tell the user that tools cannot be run safely now.",
  permission_denied: "Do not try again; tell the user which permission the tool lacks.",
  secret_resolution_failed: "Do not try again; tell the user that a secret of the tool is missing.",
  timeout: "Call it again with less to do, or go on without it.",
  canceled: "Call it again only if its result is still needed.",
  execution_failed: "If the arguments caused this, call the tool again with others; else go on without it.",
  fuel_exhausted: "Call it again with less to do, or go on without it.",
  memory_exceeded: "Call it again with less data, or go on without it.",
  output_too_large: "Call it again with arguments that give a smaller result.",
  overloaded: "Wait a little, then call it again with the same arguments.",
};

/** For example `The tool "climate" failed (timeout): …`, and below it what the model can do next. */
export function describeFailure(tool: string, { status, error, stderr }: FailedOutcome): string {
  const failed = status === "denied" ? "was denied" : "failed";
  const advice = isOutcomeCode(error.code) ? ADVICE[error.code] : adviseBy(error.retryable);
  return [
    `The tool "${tool}" ${failed} (${error.code}): ${error.message}`,
    ...quoteStderr(stderr, error.message),
    advice,
  ].join("\n");
}

/** The last lines, unless the message quotes them already. */
function quoteStderr(stderr: string, message: string): string[] {
  const lines = stderr.trimEnd().split("\n").slice(-MAX_STDERR_LINES);
  const end = lines.join("\n").slice(-MAX_STDERR_CHARACTERS);
  const isTold = message.includes(lines.at(-1)?.trim() ?? "");
  return end.trim() === "" || isTold ? [] : ["Its standard error ends with:", end];
}

/** For a code of the tool's own. */
function adviseBy(retryable: boolean): string {
  return retryable ? "Call it again, or go on without it." : "Call it again only with other arguments.";
}

function isOutcomeCode(code: string): code is OutcomeCode {
  return Object.hasOwn(ADVICE, code);
}
