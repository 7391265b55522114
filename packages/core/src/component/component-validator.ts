/** Checks the input of a component's function: by its schema, and by what no schema says of WIT's types. */
import { toArguments, WitRefusal } from "@toolpocket/wit";
import type { ResolvedLimits } from "../limits.ts";
import { createInputValidator, type InputValidator } from "../validation/input-validator.ts";
import type { ComponentTool } from "./component-tools.ts";

/** A validator for what the tool's schema lets pass and its types do not: digits beyond 64 bits, half a character. */
export function createComponentValidator(
  { inputSchema, function: called }: ComponentTool,
  limits: ResolvedLimits,
): InputValidator {
  const checkSchema = createInputValidator(inputSchema, limits);
  return (input) => {
    const checked = checkSchema(input);
    if (!checked.ok) return checked;
    try {
      toArguments(called, checked.value);
      return checked;
    } catch (error) {
      if (!(error instanceof WitRefusal)) throw error;
      return { ok: false, faults: [{ path: error.path ?? "", message: error.message }] };
    }
  };
}
