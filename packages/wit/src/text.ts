/** Writes types and functions as WIT does. */
import type { WitFunction } from "./interface.ts";
import type { WitType } from "./types.ts";

/** `add: func(a: f64, b: f64) -> result<f64, string>` */
export function formatFunction({ name, parameters, result }: WitFunction): string {
  const inputs = parameters.map((field) => `${field.name}: ${formatType(field.type)}`).join(", ");
  return `${name}: func(${inputs})${result === undefined ? "" : ` -> ${formatType(result)}`}`;
}

/** A type that has a name is written as its name. */
export function formatType(type: WitType): string {
  switch (type.kind) {
    case "list":
      return `list<${formatType(type.element)}${type.length === undefined ? "" : `, ${type.length}`}>`;
    case "option":
      return `option<${formatType(type.some)}>`;
    case "tuple":
      return `tuple<${type.elements.map(formatType).join(", ")}>`;
    case "result": {
      const parts = [type.ok ? formatType(type.ok) : "_", ...(type.err ? [formatType(type.err)] : [])];
      return parts.length === 1 && parts[0] === "_" ? "result" : `result<${parts.join(", ")}>`;
    }
    case "record":
    case "variant":
    case "enum":
    case "flags":
      return type.name ?? type.kind;
    case "unsupported":
      return type.what;
    default:
      return type.kind;
  }
}
