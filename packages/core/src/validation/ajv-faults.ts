/** Says what ajv found wrong so that a model can mend it. */
import type { ErrorObject } from "ajv";
import { isJsonObject } from "../json.ts";
import { nearestName } from "../nearest.ts";
import type { InputFault } from "./input-check.ts";
import { pointerTo } from "./json-pointer.ts";

const MAX_LISTED_VALUES = 20;

/** The faults in the order in which ajv found them, the same one only once. */
export function toFaults(errors: readonly ErrorObject[]): readonly InputFault[] {
  const faults = errors.map((error) => ({ path: pathOf(error), message: messageOf(error) }));
  return [...new Map(faults.map((fault) => [`${fault.path}\0${fault.message}`, fault])).values()];
}

/** The place of the fault: for a missing or a needless property that property, else the value itself. */
function pathOf({ instancePath, params }: ErrorObject): string {
  const property: unknown = params["missingProperty"] ?? params["additionalProperty"] ?? params["unevaluatedProperty"];
  return typeof property === "string" ? `${instancePath}${pointerTo([property])}` : instancePath;
}

function messageOf(error: ErrorObject): string {
  const { keyword, params, message = `does not satisfy "${keyword}"` } = error;
  switch (keyword) {
    case "enum":
      return `must be one of ${listValues(params["allowedValues"])}`;
    case "const":
      return `must be ${JSON.stringify(params["allowedValue"])}`;
    case "type":
      return `must be ${[params["type"]].flat().join(" or ")}, found ${typeName(error.data)}`;
    case "additionalProperties":
      return `must not have the property '${params["additionalProperty"]}'${nearestProperty(error)}`;
    case "unevaluatedProperties":
      return `must not have the property '${params["unevaluatedProperty"]}'`;
    default:
      return message;
  }
}

function nearestProperty({ params, parentSchema }: ErrorObject): string {
  const properties: unknown = parentSchema?.["properties"];
  const nearest = isJsonObject(properties)
    ? nearestName(String(params["additionalProperty"]), Object.keys(properties))
    : undefined;
  return nearest === undefined ? "" : `, did you mean '${nearest}'?`;
}

function listValues(values: unknown): string {
  if (!Array.isArray(values)) return "the allowed values";
  const listed = values.slice(0, MAX_LISTED_VALUES).map((value) => JSON.stringify(value));
  return [...listed, ...(values.length > listed.length ? [`${values.length - listed.length} more`] : [])].join(", ");
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
