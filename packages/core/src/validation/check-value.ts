/** Checks a value against a schema that a stranger wrote, in bounded time. */
import { PocketError } from "../errors.ts";
import type { JsonSchema, JsonValue } from "../json.ts";
import { toFaults } from "./ajv-faults.ts";
import { compileSchema } from "./compile-schema.ts";
import type { InputFault } from "./input-check.ts";
import { runWithinTime, TimeLimitError } from "./time-limit.ts";

/** What one check may take; an honest schema needs less than a millisecond for a value of usual size. */
const VALIDATION_TIMEOUT_MS = 1_000;
/** How many faults are told: a list of a million wrong elements has as many. */
const MAX_FAULTS = 100;

/**
 * What is wrong with the value, at most 100 places; nothing when it is as the schema says. The schema is compiled at its
 * first value. Formats are checked, defaults are not filled in, and no value is converted.
 * @throws PocketError ERR_POCKET_MANIFEST_INVALID when the schema, not the value, is at fault.
 */
export function findFaults(schema: JsonSchema, value: JsonValue): readonly InputFault[] {
  const validate = compile(schema);
  try {
    // Nothing but true is a pass: whatever else a schema could make it return is none.
    const isValid: unknown = runWithinTime(VALIDATION_TIMEOUT_MS, () => validate(value));
    return isValid === true ? [] : toFaults((validate.errors ?? []).slice(0, MAX_FAULTS));
  } catch (error) {
    if (error instanceof TimeLimitError) return [tooHard(`within ${VALIDATION_TIMEOUT_MS} ms`)];
    // A schema that refers to itself without end.
    if (error instanceof RangeError) return [tooHard("because the schema is too deep for it")];
    throw error;
  }
}

function compile(schema: JsonSchema): ReturnType<typeof compileSchema> {
  try {
    return compileSchema(schema);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PocketError("ERR_POCKET_MANIFEST_INVALID", `a schema cannot be compiled: ${reason}`, {
      hint: "correct the tool's schema",
      cause,
    });
  }
}

function tooHard(reason: string): InputFault {
  return { path: "", message: `could not be checked ${reason}, so make it smaller or simpler` };
}
