/** The benchmark's rows as a table for the terminal. */
import { formatFigure, formatRatio } from "./format-figure.ts";
import type { Machine } from "./machine.ts";
import type { Row } from "./row.ts";

const HEADINGS = ["what", "ours", "spread", "beside", "ratio", "goal", ""];
/** Columns of figures stand at the right. */
const RIGHT = new Set([1, 4]);

export function renderTable(rows: readonly Row[], { cpu, cores, memoryBytes, node, platform }: Machine): string {
  const lines = rows.map((row) => [
    row.what,
    formatFigure(row.value, row.unit),
    row.spread === null ? "" : row.spread.map((value) => formatFigure(value)).join("–"),
    row.floorOrPeer === null ? row.beside : `${formatFigure(row.floorOrPeer, row.unit)}  ${row.beside}`,
    row.ratio === null ? "" : formatRatio(row.ratio),
    row.goal ?? "",
    row.pass === null ? "" : row.pass ? "✔" : "✘",
  ]);
  const table = [HEADINGS, ...lines];
  const widths = HEADINGS.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
  const align = (line: readonly string[]): string =>
    line
      .map((cell, column) =>
        RIGHT.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  const missed = rows.filter(({ pass }) => pass === false).length;
  const judged = rows.filter(({ pass }) => pass !== null).length;
  return [
    align(HEADINGS),
    rule,
    ...lines.map(align),
    "",
    `${judged === 0 ? "" : `${judged - missed} of ${judged} goals reached · `}medians, spread from the lower to the upper quartile`,
    `${cpu}, ${cores} cores, ${Math.round(memoryBytes / 2 ** 30)} GB, ${platform}, node ${node}`,
    "",
  ].join("\n");
}
