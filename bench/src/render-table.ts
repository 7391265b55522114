/** The benchmark's rows as a table for the terminal. */
import type { Row } from "./row.ts";

export function renderTable(rows: readonly Row[]): string {
  const lines = rows.map((row) => [
    row.what,
    formatFigure(row.value, row.unit),
    row.floorOrPeer === null ? "" : `${formatFigure(row.floorOrPeer, row.unit)}  ${row.beside}`,
    row.ratio === null ? "" : `${row.ratio.toPrecision(3)}×`,
    row.goal ?? "",
    row.pass === null ? "" : row.pass ? "✔" : "✘",
  ]);
  const table = [["what", "ours", "beside", "ratio", "goal", ""], ...lines];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0))) ?? [];
  return table
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

function formatFigure(value: number, unit: Row["unit"]): string {
  return `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${unit}`;
}
