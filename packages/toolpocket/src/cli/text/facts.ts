/** Facts of one thing: a label and a value on each line, the values in one column. */
import { alignColumns } from "./columns.ts";
import type { Style } from "./page.ts";

/** A value of several lines continues below itself; a fact without lines is left out. */
export type Fact = readonly [label: string, value: string | readonly string[]];

export function renderFacts(facts: readonly Fact[], style: Style): string {
  const rows = facts.flatMap(([label, value]) => {
    const lines = typeof value === "string" ? value.split("\n") : value;
    return lines.map((line, index) => [index === 0 ? style.dim(label) : "", line] as const);
  });
  return alignColumns(rows).join("\n");
}
