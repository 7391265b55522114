/** Checks inputs against a tool's schema on the host, before anything is started for the call. */
import type { JsonSchema } from "../json.ts";
import type { ResolvedLimits } from "../limits.ts";
import { findFaults } from "./check-value.ts";
import type { InputCheck } from "./input-check.ts";
import { readJsonInput } from "./json-input.ts";

/**
 * An input that is no JSON, too large, too deep or too slow to check has faults.
 * @throws PocketError ERR_POCKET_MANIFEST_INVALID when the schema, not the input, is at fault.
 */
export type InputValidator = (input: unknown) => InputCheck;

/**
 * A validator for a schema that `checkInputSchema` has let pass. What passes is sent as it is.
 * @param limits of the tool
 */
export function createInputValidator(
  schema: JsonSchema,
  limits: Pick<ResolvedLimits, "maxInputBytes"> = {},
): InputValidator {
  return (input) => {
    const json = readJsonInput(input, limits.maxInputBytes);
    if (!json.ok) return json;
    const faults = findFaults(schema, json.value);
    return faults.length === 0 ? json : { ok: false, faults };
  };
}
