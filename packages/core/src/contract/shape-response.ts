/** Makes the outcome of a wasm tool's run: what contract v1 says of its output and its end. */
import type { JsonObject } from "../json.ts";
import type { RunResult } from "../invoker.ts";
import { type Outcome, toOutcomeError } from "../outcome.ts";
import { shapeOutcome, type ShapeOutcomeOptions } from "../pocket/shape-outcome.ts";
import { decodeResponse } from "./decode-response.ts";
import { CONTRACT_VERSION } from "./encode-request.ts";

export interface ShapeResponseOptions extends ShapeOutcomeOptions {
  /** The tool as the agent calls it. */
  readonly tool: string;
}

/**
 * The outcome. Only a run that ended well has a response: after a trap, an exit code or a limit, what was written before
 * stays in `stdout` and is not believed. The host's own keys in `error.details` cannot be overwritten by the tool.
 */
export function shapeResponse(result: RunResult, { tool, ...options }: ShapeResponseOptions): Outcome {
  const outcome = shapeOutcome(result, options);
  if (outcome.status !== "ok") return withHostDetails(outcome, { tool, module_status: "failed" });
  const response = decodeResponse(result.stdout);
  const { stdout, stderr, usage } = outcome;
  switch (response.status) {
    case "ok":
      return { status: "ok", output: response.output, stdout, stderr, usage };
    case "violation": {
      const error = toOutcomeError("runtime_policy_invalid", `"${tool}" broke contract v1: ${response.message}`);
      return withHostDetails(
        { status: "error", error, stdout, stderr, usage },
        { tool, module_status: "contract_violation" },
      );
    }
    case "error":
    case "denied": {
      const { details, ...error } = response.error;
      return withHostDetails(
        { status: response.status, error: { ...error, ...(details && { details }) }, stdout, stderr, usage },
        { tool, module_status: response.status },
      );
    }
  }
}

type Failed = Extract<Outcome, { status: "error" | "denied" }>;

function withHostDetails(outcome: Failed, host: JsonObject): Failed {
  const { error } = outcome;
  const own = { isolation_mode: "wasm", contract_version: CONTRACT_VERSION, ...host };
  return { ...outcome, error: { ...error, details: { ...error.details, ...own } } };
}
