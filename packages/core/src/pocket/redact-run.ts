/** Takes the secrets of a run out of what an invoker gave back, and out of the outcome that was made of it. */
import { isDeepStrictEqual } from "node:util";
import type { RunResult } from "../invoker.ts";
import type { JsonObject } from "../json.ts";
import type { Outcome } from "../outcome.ts";
import type { Redactor } from "../secrets/redactor.ts";

/**
 * Streams, messages and denials without secrets: before anything is quoted, cut or read of them. A stream that the invoker
 * may have cut is looked at for the beginning of a secret too. The returned value stays as it is, for it is JSON.
 */
export function redactResult(result: RunResult, redactor: Redactor, maxOutputBytes: number): RunResult {
  const redactStream = (bytes: Uint8Array): Uint8Array => {
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    const isCut = result.kind === "failed" || bytes.byteLength >= maxOutputBytes;
    const redacted = isCut ? redactor.cutText(text) : redactor.text(text);
    return redacted === text ? bytes : new TextEncoder().encode(redacted);
  };
  const common = {
    stdout: redactStream(result.stdout),
    stderr: redactStream(result.stderr),
    ...(result.denials !== undefined && { denials: result.denials.map((denial) => redactTexts(denial, redactor)) }),
  };
  return result.kind === "failed"
    ? { ...result, ...common, message: redactor.text(result.message) }
    : { ...result, ...common };
}

/** The outcome without secrets, also such as only reading the tool's JSON has brought to light. */
export function redactOutcome(outcome: Outcome, redactor: Redactor): Outcome {
  if (outcome.status !== "ok") {
    const { message, details } = outcome.error;
    const redacted = details === undefined ? undefined : (redactor.value(details) as JsonObject);
    const error = { ...outcome.error, message: redactor.text(message), ...(redacted && { details: redacted }) };
    return { ...outcome, error };
  }
  const output = redactor.text(outcome.output);
  if (outcome.value === undefined) return { ...outcome, output };
  const value = redactor.value(outcome.value);
  // An escape may hide a secret in the text, and the text may hold one that the value has not: a number's digits.
  const isClean = output === outcome.output && isDeepStrictEqual(value, outcome.value);
  return { ...outcome, value, output: isClean ? output : redactor.text(JSON.stringify(value)) };
}

/** The same with every text in it redacted. */
export function redactTexts<Value extends object>(value: Value, redactor: Redactor): Value {
  const members = Object.entries(value).map(([key, member]: readonly [string, unknown]) => [
    key,
    typeof member === "string" ? redactor.text(member) : member,
  ]);
  return Object.fromEntries(members) as Value;
}
