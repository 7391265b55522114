/** Inputs that come as JSON text: models now and then send an object so, and fixtures of contract v1 always do. */
import type { JsonValue } from "../json.ts";
import { DEFAULT_MAX_INPUT_BYTES } from "../limits.ts";

export interface InputText {
  /** The object that the text says; the text itself where it says none. */
  readonly value: unknown;
  /** The text, where it says nothing but `value` to whoever parses it: then a tool may be given it as it is. */
  readonly text?: string;
}

/** Takes the text of an object for the object. Any other text is an input of its own. */
export function readInputText(text: string): InputText {
  if (!text.trimStart().startsWith("{")) return { value: text, text };
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return { value: text };
  }
  return isFaithful(text, value) ? { value, text } : { value };
}

/**
 * Whether no parser can read something else out of the text than was checked against the schema: where a key stands
 * twice, the first or the last may count.
 */
function isFaithful(text: string, value: JsonValue): boolean {
  if (Buffer.byteLength(text) > DEFAULT_MAX_INPUT_BYTES) return false;
  // The text is JSON, in which every string ends: nothing is tried twice.
  // oxlint-disable-next-line regexp/no-super-linear-backtracking
  const strings = text.matchAll(/"(?:[^"\\]+|\\.)*"(\s*:)?/gu);
  let written = 0;
  for (const [, colon] of strings) if (colon !== undefined) written += 1;
  return written === countKeys(value);
}

function countKeys(value: JsonValue): number {
  const waiting: JsonValue[] = [value];
  let count = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== "object" || next === null) continue;
    const members = Object.values(next);
    if (!Array.isArray(next)) count += members.length;
    for (const member of members) waiting.push(member as JsonValue);
  }
  return count;
}
