/** Checks what a tool gave against what it announces, on the host: a client that checks it too is never the first to. */
import { type Outcome, toOutcomeError } from "../outcome.ts";
import { findFaults } from "../validation/check-value.ts";
import { describeFaults, type InputFault, toFaultDetails } from "../validation/input-check.ts";
import type { ExternalTool, SandboxedTool } from "./loaded-tool.ts";
import { toFailure } from "./shape-outcome.ts";

const NO_VALUE: readonly InputFault[] = [{ path: "", message: "is missing" }];

/** The outcome; `runtime_policy_invalid` where an `ok` one has another value than the tool's `outputSchema` says. */
export function checkOutput(outcome: Outcome, { info, outputSchema }: SandboxedTool | ExternalTool): Outcome {
  if (outcome.status !== "ok" || outputSchema === undefined) return outcome;
  const { value, usage } = outcome;
  const faults = value === undefined ? NO_VALUE : findFaults(outputSchema, value);
  if (faults.length === 0) return outcome;
  const message = `what "${info.name}" returned is not what it says of it: ${describeFaults(faults, "value")}`;
  return toFailure(
    toOutcomeError("runtime_policy_invalid", message, { details: toFaultDetails(faults) }),
    usage,
    outcome,
  );
}
