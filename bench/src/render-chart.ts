/** A chart of the rows that have a goal: how far each is from it, on a scale on which twice as far looks the same everywhere. */
import { formatFigure, formatRatio } from "./format-figure.ts";
import type { Machine } from "./machine.ts";
import type { Row } from "./row.ts";

const WIDTH = 1100;
const LABELS = 540;
const FIGURES = 160;
const ROW_HEIGHT = 26;
const TOP = 64;
const BOTTOM = 34;
/** What is further from the goal than this many times ends at the edge. */
const MOST_TIMES = 16;

const GOAL = /^(?<sign>[≤≥]) (?<number>[\d./]+)/u;

export function renderChart(rows: readonly Row[], { cpu, cores, node }: Machine): string {
  const judged = rows.flatMap((row) => {
    const distance = distanceFromGoal(row);
    return distance === undefined ? [] : [{ row, distance }];
  });
  const height = TOP + judged.length * ROW_HEIGHT + BOTTOM;
  const middle = LABELS + (WIDTH - LABELS - FIGURES) / 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="13">
<style>
  text { fill: #1f2328 } .faint { fill: #6e7781 } .goal { stroke: #6e7781 } .reached { fill: #1a7f37 } .missed { fill: #cf222e }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .faint { fill: #8d96a0 } .goal { stroke: #8d96a0 } .reached { fill: #3fb950 } .missed { fill: #f85149 }
  }
</style>
<text x="16" y="28" font-size="17" font-weight="600">Toolpocket: how far each figure is from its goal</text>
<text x="${middle}" y="50" class="faint" text-anchor="middle">better ◂ goal ▸ worse</text>
${judged.map(({ row, distance }, index) => renderBar(row, distance, TOP + index * ROW_HEIGHT)).join("\n")}
<line class="goal" x1="${middle}" y1="${TOP - 6}" x2="${middle}" y2="${height - BOTTOM + 4}"/>
<text x="16" y="${height - 12}" class="faint" font-size="11">${escape(`${cpu}, ${cores} cores, node ${node}; medians`)}</text>
</svg>
`;
}

function renderBar(row: Row, distance: number, y: number): string {
  const half = (WIDTH - LABELS - FIGURES) / 2;
  const middle = LABELS + half;
  const length = Math.max(
    2,
    (Math.min(Math.abs(Math.log2(distance)), Math.log2(MOST_TIMES)) / Math.log2(MOST_TIMES)) * half,
  );
  const x = distance <= 1 ? middle - length : middle;
  const figure =
    row.ratio === null || row.goal?.endsWith("×") !== true ? formatFigure(row.value, row.unit) : formatRatio(row.ratio);
  return [
    `<text x="${LABELS - 12}" y="${y + 17}" text-anchor="end">${escape(row.what)}</text>`,
    `<rect class="${row.pass === true ? "reached" : "missed"}" x="${x.toFixed(1)}" y="${y + 5}" width="${length.toFixed(1)}" height="16" rx="2"/>`,
    `<text x="${WIDTH - FIGURES + 12}" y="${y + 17}">${escape(figure)} <tspan class="faint">${escape(row.goal ?? "")}</tspan></text>`,
  ].join("\n");
}

/** Below 1 where the goal is reached; undefined for a row without one. */
function distanceFromGoal({ goal, value, ratio }: Row): number | undefined {
  const { sign, number } = GOAL.exec(goal ?? "")?.groups ?? {};
  if (goal === null || number === undefined) return undefined;
  const [upper = Number.NaN, lower = 1] = number.split("/").map(Number);
  const limit = upper / lower;
  const figure = Math.max(goal.endsWith("×") && ratio !== null ? ratio : value, Number.EPSILON);
  return sign === "≤" ? figure / limit : limit / figure;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
