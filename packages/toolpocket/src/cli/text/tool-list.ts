/** The list of tools as a table. */
import type { ListedTool, ToolList } from "../commands/list.ts";
import { alignColumns, cutText, indent, measureColumns } from "./columns.ts";
import { toLine } from "./foreign-text.ts";
import type { Page, Style } from "./page.ts";

/** The description gets at least so many columns, also where the line becomes longer than the terminal is wide. */
const MIN_DESCRIPTION_WIDTH = 20;

export function renderToolList({ tools }: ToolList, { style, width }: Page): string {
  if (tools.length === 0) return "There are no tools yet. Add one with `pocket add SOURCE`.";
  const heads = [
    ["NAME", "RUNTIME", "SOURCE", "STATE"].map((head) => style.dim(head)),
    ...tools.map((tool) => renderCells(tool, style)),
  ];
  const rest = Math.max(width - measureColumns(heads), MIN_DESCRIPTION_WIDTH);
  const descriptions = [
    style.dim("DESCRIPTION"),
    ...tools.map(({ description = "" }) => cutText(toLine(description), rest)),
  ];
  const rows = alignColumns(heads.map((cells, index) => cells.concat(descriptions[index] ?? "")));
  return rows.flatMap((row, index) => renderReason(tools[index - 1], style).toSpliced(0, 0, row)).join("\n");
}

function renderCells({ name, runtime, source, state }: ListedTool, style: Style): string[] {
  const shownState = { ok: style.green("ok"), unlocked: style.yellow("unlocked"), broken: style.red("broken") }[state];
  return [style.bold(toLine(name)), runtime ?? "-", toLine(shortenSource(source)), shownState];
}

function renderReason(tool: ListedTool | undefined, style: Style): string[] {
  if (tool?.reason === undefined) return [];
  const hint = tool.hint === undefined ? [] : [style.dim(`→ ${toLine(tool.hint)}`)];
  return [style.red(toLine(tool.reason)), ...hint].map((line) => indent(line));
}

/** `git+https://host/org/repo@<sha>#path` as `host/org/repo@1a2b3c4#path`, `local:./path` as `./path`. */
export function shortenSource(source: string): string {
  return source
    .replace(/^(?:git\+)?[a-z]+:\/\//u, "")
    .replace(/^local:/u, "")
    .replace(/@([0-9a-f]{7})[0-9a-f]{33,}(?=#|$)/u, "@$1");
}
