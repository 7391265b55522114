/** What a screen reader says of a change: only what a person would want to be interrupted for. */
import type { Reading } from "./reading.ts";

/** A longer message would be read out for too long. */
const MAX_SPOKEN_LENGTH = 160;

/** Undefined where the change is none of condition or failures, as when one more execution succeeded. */
export function describeChange(before: Reading, after: Reading): string | undefined {
  if (after.condition !== before.condition) return describeCondition(after);
  const failures = (after.state?.failed ?? 0) - (before.state?.failed ?? 0);
  if (before.state === undefined || failures <= 0) return undefined;
  const latest = after.state?.errors.shown[0]?.message;
  const count = failures === 1 ? "An execution failed" : `${failures} executions failed`;
  return latest === undefined ? `${count}.` : `${count}: ${shorten(latest)}`;
}

function describeCondition({ condition, state, reason }: Reading): string {
  switch (condition) {
    case "initializing":
      return "Python is starting.";
    case "ready":
      return "Python is ready.";
    case "error":
      return `Python cannot run: ${shorten(state?.error ?? "no reason was given")}`;
    case "unreachable":
      return `The Python tool is unreachable: ${shorten(reason ?? "no reason was given")}`;
  }
}

function shorten(text: string): string {
  return text.length > MAX_SPOKEN_LENGTH ? `${text.slice(0, MAX_SPOKEN_LENGTH).toWellFormed()}…` : text;
}
