/** A call of a component: which of its functions, and the input. */
import type { JsonObject, JsonValue } from "../json.ts";
import type { Program } from "../program.ts";
import type { ComponentTool } from "./component-tools.ts";

/** What a component's runtime is sent as input: `function` counts in the program's functions. */
export function encodeComponentCall(
  { function: called }: ComponentTool,
  program: Program,
  input: JsonValue,
): JsonObject {
  const index = program.runtime === "component" ? program.functions.indexOf(called) : -1;
  if (index === -1) throw new TypeError(`the component's program has no function ${called.name}`);
  return { function: index, input };
}
