/** Makes the outcome of a component's call: a `result` that is an error is an error with its payload. */
import { formatType, type WitFunction } from "@toolpocket/wit";
import { isJsonObject, type JsonValue } from "../json.ts";
import { type FailedOutcome, type Outcome, toOutcomeError } from "../outcome.ts";
import type { RunResult } from "../invoker.ts";
import { shapeOutcome, type ShapeOutcomeOptions } from "../pocket/shape-outcome.ts";

/** How much of an error's payload its message quotes. */
const MAX_QUOTED_CHARACTERS = 2_000;

/**
 * The outcome of a run. A guest gives `{ "ok": … }` or `{ "err": … }` where its function returns a `result`, and the
 * value itself elsewhere. A returned string is what a model reads as it is; without a value that is stdout.
 */
export function shapeComponentOutcome(
  result: RunResult,
  { result: type }: WitFunction,
  options: ShapeOutcomeOptions,
): Outcome {
  const outcome = shapeOutcome(result, options);
  if (outcome.status !== "ok" || outcome.value === undefined) return outcome;
  const { status, stdout, stderr, usage, value, output } = outcome;
  const rest = { stdout, stderr, usage };
  const fail = (error: FailedOutcome["error"]): FailedOutcome => ({ status: "error", error, ...rest });
  if (type === undefined) return { status, output: stdout, ...rest };
  if (type.kind !== "result") return { status, output: typeof value === "string" ? value : output, value, ...rest };
  if (!isJsonObject(value) || Object.keys(value).length !== 1 || !("ok" in value || "err" in value)) {
    const message = `the tool returned no ${formatType(type)}`;
    return fail(toOutcomeError("runtime_policy_invalid", message));
  }
  if ("err" in value) {
    const payload = value["err"] ?? null;
    return fail(toOutcomeError("execution_failed", describePayload(payload), { details: { payload } }));
  }
  const held = value["ok"] ?? null;
  if (type.ok === undefined) return { status, output: stdout, ...rest };
  return { status, output: typeof held === "string" ? held : JSON.stringify(held), value: held, ...rest };
}

function describePayload(payload: JsonValue): string {
  if (payload === null) return "the tool gave an error without saying which";
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  return text.length > MAX_QUOTED_CHARACTERS ? `${text.slice(0, MAX_QUOTED_CHARACTERS)}…` : text;
}
