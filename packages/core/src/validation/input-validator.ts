/** Checks inputs against a tool's schema on the host, before anything is started for the call. */
import { PocketError } from "../errors.ts";
import type { JsonSchema, JsonValue } from "../json.ts";
import type { ResolvedLimits } from "../limits.ts";
import { toFaults } from "./ajv-faults.ts";
import { compileSchema } from "./compile-schema.ts";
import type { InputCheck } from "./input-check.ts";
import { readJsonInput } from "./json-input.ts";
import { runWithinTime, TimeLimitError } from "./time-limit.ts";

/** What one check may take; an honest schema needs less than a millisecond for an input of usual size. */
const VALIDATION_TIMEOUT_MS = 1_000;

/**
 * An input that is no JSON, too large, too deep or too slow to check has faults.
 * @throws PocketError ERR_POCKET_MANIFEST_INVALID when the schema, not the input, is at fault.
 */
export type InputValidator = (input: unknown) => InputCheck;

/**
 * A validator for a schema that `checkInputSchema` has let pass. It is compiled at the first input. Formats are
 * checked, defaults are not filled in, and no value is converted: what passes is sent as it is.
 * @param limits of the tool
 */
export function createInputValidator(
  schema: JsonSchema,
  limits: Pick<ResolvedLimits, "maxInputBytes"> = {},
): InputValidator {
  return (input) => {
    const json = readJsonInput(input, limits.maxInputBytes);
    return json.ok ? checkValue(schema, json.value) : json;
  };
}

function checkValue(schema: JsonSchema, value: JsonValue): InputCheck {
  const validate = compile(schema);
  try {
    // Nothing but true is a pass: whatever else a schema could make it return is none.
    const isValid: unknown = runWithinTime(VALIDATION_TIMEOUT_MS, () => validate(value));
    return isValid === true ? { ok: true, value } : { ok: false, faults: toFaults(validate.errors ?? []) };
  } catch (error) {
    if (error instanceof TimeLimitError) return refused(`could not be checked within ${VALIDATION_TIMEOUT_MS} ms`);
    // A schema that refers to itself without end.
    if (error instanceof RangeError) return refused("could not be checked: the schema is too deep for it");
    throw error;
  }
}

function compile(schema: JsonSchema): ReturnType<typeof compileSchema> {
  try {
    return compileSchema(schema);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PocketError("ERR_POCKET_MANIFEST_INVALID", `the input schema cannot be compiled: ${reason}`, {
      hint: "correct the tool's input schema",
      cause,
    });
  }
}

function refused(message: string): InputCheck {
  return { ok: false, faults: [{ path: "", message: `${message}, so send a smaller or simpler input` }] };
}
