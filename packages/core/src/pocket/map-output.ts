/** Post-processes the output of an `ok` outcome with the mappers of its request, on the host. */
import { type Outcome, toOutcomeError } from "../outcome.ts";
import type { OutputMapper } from "../tool-request.ts";
import { describeFaults } from "../validation/input-check.ts";
import { readJsonInput } from "../validation/json-input.ts";
import { toFailure } from "./shape-outcome.ts";

/**
 * The outcome after all mappers, in order. A string replaces `output`; another JSON value replaces `value`, and `output`
 * becomes its JSON. A mapper that throws, or gives what is no JSON, makes an `execution_failed` outcome.
 */
export async function mapOutput(outcome: Outcome, mappers: readonly OutputMapper[]): Promise<Outcome> {
  let mapped = outcome;
  for (const mapper of mappers) {
    if (mapped.status !== "ok") return mapped;
    mapped = await applyMapper(mapped, mapper);
  }
  return mapped;
}

async function applyMapper(outcome: Outcome & { status: "ok" }, mapper: OutputMapper): Promise<Outcome> {
  const fail = (reason: string): Outcome =>
    toFailure(toOutcomeError("execution_failed", `the output could not be mapped: ${reason}`), outcome.usage, outcome);
  try {
    const mapped = await mapper(outcome.output, outcome);
    if (typeof mapped === "string") return { ...outcome, output: mapped };
    const copy = readJsonInput(mapped);
    if (!copy.ok) return fail(`the mapper gave back what is no JSON: ${describeFaults(copy.faults)}`);
    return { ...outcome, output: JSON.stringify(copy.value), value: copy.value };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}
