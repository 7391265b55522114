/** Evaluates the markers of requirements (PEP 508) for an environment. */
import type { EnvironmentMarker, EnvironmentMarkerLeaf } from "pip-requirements-js";
import { normalizeName } from "./package-name.ts";
import { fitsSpecifier, isSpecifier, isVersion } from "./package-version.ts";

/** Variables whose values are versions, and compare as such. */
const VERSION_VARIABLES = new Set([
  "implementation_version",
  "platform_release",
  "python_full_version",
  "python_version",
]);

/** Whether what is marked is wanted, when it is asked for with one of `extras`, or with none. */
export function isMarked(
  marker: EnvironmentMarker | undefined,
  variables: Readonly<Record<string, string>>,
  extras: readonly string[] = [],
): boolean {
  if (marker === undefined) return true;
  return ["", ...extras].some((extra) => evaluate(marker, { ...variables, extra }));
}

function evaluate(marker: EnvironmentMarker, variables: Readonly<Record<string, string>>): boolean {
  switch (marker.operator) {
    case "and":
      return evaluate(marker.left, variables) && evaluate(marker.right, variables);
    case "or":
      return evaluate(marker.left, variables) || evaluate(marker.right, variables);
    default:
      return compareLeaf(marker, variables);
  }
}

function compareLeaf(
  { left, operator, right }: EnvironmentMarkerLeaf,
  variables: Readonly<Record<string, string>>,
): boolean {
  const names = [left, right].filter((side) => !isQuoted(side));
  const isExtra = names.includes("extra" as never);
  const [a, b] = [left, right].map((side) => {
    const value = isQuoted(side) ? side.slice(1, -1) : (variables[side] ?? "");
    return isExtra && !operator.includes("in") ? normalizeName(value) : value;
  }) as [string, string];
  if (operator === "in") return b.includes(a);
  if (operator === "not in") return !b.includes(a);
  if (names.some((name) => VERSION_VARIABLES.has(name))) {
    const specifier = `${operator}${b}`;
    if (isVersion(a) && isSpecifier(specifier)) return fitsSpecifier(a, specifier);
  }
  return compareText(a, operator, b);
}

/** As Python compares strings; operators that only versions have are never true of text. */
function compareText(a: string, operator: string, b: string): boolean {
  switch (operator) {
    case "==":
    case "===":
      return a === b;
    case "!=":
      return a !== b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    default:
      return false;
  }
}

function isQuoted(side: string): boolean {
  return side.startsWith('"') || side.startsWith("'");
}
