/** The report of `pocket test`: a line for each fixture, what was not as expected below it, and the count. */
import { describeMismatches } from "../../fixtures/describe-mismatch.ts";
import type { TestedFixture, TestReport } from "../commands/test.ts";
import { alignColumns, indent } from "./columns.ts";
import { toTerminal } from "./foreign-text.ts";
import type { Page, Style } from "./page.ts";

export function renderTestReport({ fixtures, passed, failed }: TestReport, { style }: Page): string {
  const rows = alignColumns(fixtures.map((fixture) => renderCells(fixture, style)));
  const lines = fixtures.flatMap((fixture, index) => [
    rows[index] ?? "",
    ...(fixture.passed || fixture.updated
      ? []
      : [indent(toTerminal(describeMismatches(fixture.mismatches, fixture.outcome)), 2)]),
  ]);
  const count = `${passed} passed, ${failed} failed`;
  return [...lines, "", failed === 0 ? style.green(count) : style.red(count)].join("\n");
}

function renderCells({ name, passed, updated, durationMs, fuel }: TestedFixture, style: Style): string[] {
  const mark = passed ? style.green("ok") : updated ? style.yellow("updated") : style.red("failed");
  const cost = fuel === undefined ? "" : `${fuel.toLocaleString("en")} fuel`;
  return [mark, toTerminal(name), style.dim(`${durationMs.toFixed(1)} ms`), style.dim(cost)];
}
