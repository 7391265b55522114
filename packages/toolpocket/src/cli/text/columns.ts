/** Text in columns, measured as a terminal shows it. */
import { createRequire } from "node:module";
import { stripVTControlCharacters } from "node:util";
import type * as StringWidth from "string-width";

const require = createRequire(import.meta.url);
const PRINTABLE_ASCII = /^[\x20-\x7E]*$/u;

const GAP = "  ";
const ELLIPSIS = "…";

/** The rows with every column as wide as its widest cell; the last one is not padded. Cells may be styled. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, stringWidth(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : padEnd(cell, widths[column] ?? 0)))
      .join(GAP)
      .trimEnd(),
  );
}

/** Columns that `alignColumns` needs for these cells, with the gap behind them. */
export function measureColumns(rows: readonly (readonly string[])[]): number {
  const [first = ""] = alignColumns(rows.map((row) => [...row, "|"]));
  return stringWidth(first) - 1;
}

/** `text`, cut so that it takes at most `width` columns. Not for styled text. */
export function cutText(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let cut = "";
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(cut + segment) > width - 1) break;
    cut += segment;
  }
  return `${cut.trimEnd()}${ELLIPSIS}`;
}

/** `text` with spaces before each of its lines that is not empty. */
export function indent(text: string, spaces = 2): string {
  return text.replaceAll(/^(?=.)/gmu, " ".repeat(spaces));
}

function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(width - stringWidth(text), 0));
}

/** Columns that a terminal gives `text`. The library is asked where characters can be wide, because it is slow to load. */
function stringWidth(text: string): number {
  const plain = stripVTControlCharacters(text);
  if (PRINTABLE_ASCII.test(plain)) return plain.length;
  return (require("string-width") as typeof StringWidth).default(plain);
}
