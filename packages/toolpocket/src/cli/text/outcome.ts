/** An outcome as text: the output for standard output, what went wrong for standard error. */
import type { Outcome } from "@toolpocket/core";
import { toTerminal } from "./foreign-text.ts";
import type { Page } from "./page.ts";

/** The output as the tool gave it; on a terminal without what would steer the terminal. */
export function renderOutput(outcome: Outcome, page: Page): string {
  return outcome.status === "ok" ? toReader(outcome.output, page) : "";
}

/** What the tool wrote to standard error, or beside its value to standard output; then the error. */
export function renderProblem(outcome: Outcome, page: Page): string {
  const { style } = page;
  const logged = outcome.status === "ok" && outcome.value === undefined ? "" : outcome.stdout;
  const parts = [logged, outcome.stderr].filter((text) => text !== "").map((text) => toReader(text, page));
  if (outcome.status !== "ok") {
    const { code, message } = outcome.error;
    // A tool that failed by itself has said why on standard error already; the message repeats it for the model.
    const [summary = ""] = outcome.stderr === "" ? [message] : message.split(":\n", 1);
    parts.push(`${style.red(`${outcome.status}:`)} ${toReader(summary, page)} ${style.dim(`(${code})`)}`);
  }
  return parts.map((part) => part.replace(/\n$/u, "")).join("\n");
}

function toReader(text: string, { isTerminal }: Page): string {
  return isTerminal ? toTerminal(text) : text;
}
