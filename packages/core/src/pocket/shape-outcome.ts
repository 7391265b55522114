/** Makes the outcome of what an invoker gave back, which is untrusted: a guest wrote it. */
import type { JsonValue } from "../json.ts";
import { isNestedDeeper } from "../json-depth.ts";
import type { RunResult } from "../invoker.ts";
import {
  type FailedOutcome,
  type OkOutcome,
  type Outcome,
  type OutcomeError,
  toOutcomeError,
  type Usage,
} from "../outcome.ts";

/** Nesting of a returned value that is refused: deeper ones overflow the stack of whoever walks them. */
const MAX_VALUE_DEPTH = 500;
/** How much of standard error a failure's message quotes: its end, where a traceback says what went wrong. */
const MAX_QUOTED_LINES = 20;
const MAX_QUOTED_CHARACTERS = 2_000;

export interface ShapeOutcomeOptions {
  readonly durationMs: number;
  /** Of standard output and value together, in bytes. */
  readonly maxOutputBytes: number;
}

/**
 * The outcome of a run. `stdout` and `stderr` are the guest's bytes as text. `output` is the returned value's JSON as
 * the guest wrote it, which keeps big numbers whole; without a value it is stdout.
 */
export function shapeOutcome(result: RunResult, options: ShapeOutcomeOptions): Outcome {
  const streams = { stdout: decode(result.stdout), stderr: decode(result.stderr) };
  const usage = toUsage(result, options.durationMs);
  if (result.kind === "failed") {
    const extra = result.retryable === undefined ? {} : { retryable: result.retryable };
    return toFailure(toOutcomeError(result.code, result.message, extra), usage, streams);
  }
  if (result.exitCode !== 0) {
    const message = `the tool exited with code ${result.exitCode}${quoteEnd(streams)}`;
    return toFailure(
      toOutcomeError("execution_failed", message, { details: { exitCode: result.exitCode } }),
      usage,
      streams,
    );
  }
  if (isTooLarge(result, options.maxOutputBytes)) {
    const message = `the tool's output is larger than ${options.maxOutputBytes} bytes`;
    return toFailure(toOutcomeError("output_too_large", message), usage, streams);
  }
  return result.value === undefined
    ? { status: "ok", output: streams.stdout, ...streams, usage }
    : shapeValue(result.value, usage, streams);
}

/** The outcome of a call that ended before or without a guest. */
export function toFailure(
  error: OutcomeError,
  usage: Usage,
  { stdout, stderr }: { stdout: string; stderr: string } = { stdout: "", stderr: "" },
): FailedOutcome {
  return { status: error.code === "permission_denied" ? "denied" : "error", error, stdout, stderr, usage };
}

function shapeValue(
  text: string,
  usage: Usage,
  streams: { stdout: string; stderr: string },
): OkOutcome | FailedOutcome {
  const value = parseValue(text);
  return value.ok
    ? { status: "ok", output: text.trim(), value: value.json, ...streams, usage }
    : toFailure(toOutcomeError("runtime_policy_invalid", `the tool returned ${value.fault}`), usage, streams);
}

type ParsedValue = { readonly ok: true; readonly json: JsonValue } | { readonly ok: false; readonly fault: string };

function parseValue(text: string): ParsedValue {
  if (isNestedDeeper(text, MAX_VALUE_DEPTH)) {
    return { ok: false, fault: `a value that is nested deeper than ${MAX_VALUE_DEPTH} levels` };
  }
  try {
    const json: JsonValue = JSON.parse(text);
    return { ok: true, json };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ok: false, fault: `a value that is no JSON: ${error.message}` };
  }
}

function isTooLarge(result: RunResult & { kind: "exited" }, maxOutputBytes: number): boolean {
  return result.stdout.byteLength + Buffer.byteLength(result.value ?? "") > maxOutputBytes;
}

function toUsage(result: RunResult, durationMs: number): Usage {
  const { coldStart, peakMemoryBytes, fuel } = result;
  return {
    durationMs,
    coldStart,
    ...(fuel !== undefined && { fuel }),
    ...(peakMemoryBytes !== undefined && { peakMemoryBytes }),
  };
}

/** The whole stream at once, so that no character is split; what is no UTF-8 becomes U+FFFD. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

function quoteEnd({ stdout, stderr }: { stdout: string; stderr: string }): string {
  const text = stderr.trim() === "" ? stdout.trim() : stderr.trim();
  if (text === "") return " and wrote nothing";
  return `:\n${text.split("\n").slice(-MAX_QUOTED_LINES).join("\n").slice(-MAX_QUOTED_CHARACTERS)}`;
}
