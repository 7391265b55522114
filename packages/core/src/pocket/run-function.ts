/** Runs a tool of `fromFunction`: the user's own code, in this process, under a deadline. */
import type { JsonValue } from "../json.ts";
import { type Outcome, toOutcomeError } from "../outcome.ts";
import type { FunctionDefinition } from "../tool-request.ts";
import { describeFaults } from "../validation/input-check.ts";
import { readJsonInput } from "../validation/json-input.ts";
import { raceAbort } from "./race-abort.ts";
import { toFailure } from "./shape-outcome.ts";

export interface RunFunctionOptions {
  readonly timeoutMs: number;
  /** Ends the call with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * The outcome of one call. What the function throws is an `execution_failed` outcome; what it returns is copied as JSON,
 * undefined as null. At the deadline its `signal` fires and the outcome is `timeout`: code that never awaits cannot be
 * stopped, and what it still does is nobody's result.
 * @throws The reason of `options.signal` when that is aborted.
 */
export async function runFunction(
  definition: FunctionDefinition,
  input: JsonValue,
  options: RunFunctionOptions,
): Promise<Outcome> {
  const started = performance.now();
  const ending = new AbortController();
  const signal = options.signal === undefined ? ending.signal : AbortSignal.any([options.signal, ending.signal]);
  const timeout = new Error(`the function ran longer than ${options.timeoutMs} ms`);
  const timer = setTimeout(() => ending.abort(timeout), options.timeoutMs);
  const usage = () => ({ durationMs: performance.now() - started, coldStart: false });
  try {
    const returned = await raceAbort(callFunction(definition, input, signal), signal);
    return toOutcome(returned, usage());
  } catch (error) {
    options.signal?.throwIfAborted();
    const failure =
      error === timeout
        ? toOutcomeError("timeout", timeout.message)
        : toOutcomeError("execution_failed", describe(error));
    return toFailure(failure, usage());
  } finally {
    clearTimeout(timer);
  }
}

async function callFunction(definition: FunctionDefinition, input: JsonValue, signal: AbortSignal): Promise<unknown> {
  // The definition's parameter is `never`, so that functions of any input type are accepted; the schema was checked.
  const run = definition.run as (input: JsonValue, context: { signal: AbortSignal }) => unknown;
  return run.call(definition, input, { signal });
}

function toOutcome(returned: unknown, usage: { durationMs: number; coldStart: boolean }): Outcome {
  const copy = readJsonInput(returned ?? null);
  if (!copy.ok) {
    const message = `the function returned what is no JSON: ${describeFaults(copy.faults)}`;
    return toFailure(toOutcomeError("execution_failed", message), usage);
  }
  return { status: "ok", output: JSON.stringify(copy.value), value: copy.value, stdout: "", stderr: "", usage };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `the function threw ${String(error)}`;
  return error.message === "" ? `the function threw a ${error.name}` : error.message;
}
