/** Runs a tool that somebody else runs, under a deadline. */
import type { ExternalDefinition, ExternalResult } from "../external-tool.ts";
import type { JsonValue } from "../json.ts";
import { type Outcome, toOutcomeError } from "../outcome.ts";
import { raceAbort } from "./race-abort.ts";
import { toFailure } from "./shape-outcome.ts";

export interface RunExternalOptions {
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  /** Ends the call with its reason. */
  readonly signal: AbortSignal;
}

/**
 * The outcome of one call: `timeout` at the deadline, `output_too_large` beyond the limit, `execution_failed` for what it
 * throws and what it tells to have failed.
 * @throws The reason of `options.signal` when that is aborted.
 */
export async function runExternal(
  definition: ExternalDefinition,
  input: JsonValue,
  { timeoutMs, maxOutputBytes, signal }: RunExternalOptions,
): Promise<Outcome> {
  const started = performance.now();
  const ending = new AbortController();
  const timeout = new Error(`the tool ran longer than ${timeoutMs} ms`);
  const timer = setTimeout(() => ending.abort(timeout), timeoutMs);
  const both = AbortSignal.any([signal, ending.signal]);
  const usage = () => ({ durationMs: performance.now() - started, coldStart: false });
  try {
    const result = await raceAbort(definition.run(input, { signal: both, timeoutMs }), both);
    // What came at the same moment as the end came too late.
    both.throwIfAborted();
    if (!result.ok) return toFailure(describeFailure(result), usage());
    if (sizeOf(result) > maxOutputBytes) {
      const message = `the tool's output is larger than ${maxOutputBytes} bytes`;
      return toFailure(toOutcomeError("output_too_large", message), usage());
    }
    const { output, value } = result;
    return { status: "ok", output, ...(value !== undefined && { value }), stdout: "", stderr: "", usage: usage() };
  } catch (error) {
    signal.throwIfAborted();
    if (ending.signal.aborted) return toFailure(toOutcomeError("timeout", timeout.message), usage());
    const message = error instanceof Error ? error.message : String(error);
    return toFailure(toOutcomeError("execution_failed", message), usage());
  } finally {
    clearTimeout(timer);
  }
}

function describeFailure({ message, retryable }: Extract<ExternalResult, { ok: false }>) {
  return toOutcomeError("execution_failed", message, retryable === undefined ? {} : { retryable });
}

function sizeOf({ output, value }: Extract<ExternalResult, { ok: true }>): number {
  return Buffer.byteLength(output) + (value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value)));
}
