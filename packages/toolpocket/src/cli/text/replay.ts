/** The outcomes of replayed calls as text. */
import type { Replay } from "../commands/replay.ts";
import { toLine } from "./foreign-text.ts";
import type { Page } from "./page.ts";

const MAX_SHOWN_CHARACTERS = 200;

/** A line for each call, then how many letters are left. */
export function renderReplay({ file, calls, left }: Replay, { style }: Page): string {
  const lines = calls.map(({ tool, outcome }) => {
    if (outcome.status === "ok") return `${style.green("ok")} ${tool}: ${shorten(outcome.output)}`;
    const { code, message } = outcome.error;
    return `${style.red(outcome.status)} ${tool}: ${shorten(message)} ${style.dim(`(${code})`)}`;
  });
  return [...lines, left === 0 ? `${file} is empty now` : `${left} left in ${file}`].join("\n");
}

function shorten(text: string): string {
  const [line = ""] = text.trim().split("\n", 1);
  return toLine(line.length > MAX_SHOWN_CHARACTERS ? `${line.slice(0, MAX_SHOWN_CHARACTERS)}…` : line);
}
