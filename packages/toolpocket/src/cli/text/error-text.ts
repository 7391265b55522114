/** Errors as text: what failed, and what to do. */
import type { LockChange } from "@toolpocket/core";
import { isPocketError } from "@toolpocket/core/messages";
import { renderLockChanges } from "./lock-changes.ts";
import type { Page } from "./page.ts";
import { toLines } from "./foreign-text.ts";

/** For standard error. What is no `PocketError` is a fault of Toolpocket: it comes with its stack. */
export function renderError(error: unknown, page: Page): string {
  const { style } = page;
  if (!isPocketError(error)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `${style.red("error:")} Toolpocket itself failed, please report this\n${style.dim(text)}`;
  }
  const changes = error.code === "ERR_POCKET_UPDATE_REFUSED" ? readChanges(error.details) : [];
  const lines = [
    ...(changes.length > 0 ? [renderLockChanges(changes, page), ""] : []),
    `${style.red("error:")} ${toLines(error.message)} ${style.dim(`(${error.code})`)}`,
    ...(error.hint === undefined ? [] : [`${style.bold("hint:")}  ${toLines(error.hint)}`]),
  ];
  return lines.join("\n");
}

function readChanges({ changes }: Readonly<Record<string, unknown>>): readonly LockChange[] {
  return Array.isArray(changes) ? changes : [];
}
