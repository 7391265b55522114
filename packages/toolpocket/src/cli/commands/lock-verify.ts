/** `pocket lock verify`: whether settings, lock and store agree. */
import type { VerifiedSession, VerifiedTool, VerifyReport, VerifyState } from "@toolpocket/core";
import { verifyLock } from "../../lock.ts";
import { defineCommand } from "../command.ts";
import { alignColumns, indent } from "../text/columns.ts";
import { toLine } from "../text/foreign-text.ts";
import type { Page } from "../text/page.ts";
import { shortenSource } from "../text/tool-list.ts";

export const lockVerifyCommand = defineCommand({
  notes: ["Exits with 1 when a tool is missing, damaged, stale or unlocked, or the packages of sessions are missing."],
  examples: ["pocket lock verify"],
  run: (_line, { cwd, onProgress, signal }): Promise<VerifyReport> => verifyLock({ cwd, onProgress, signal }),
  render: renderVerifyReport,
  isFailure: ({ ok }) => !ok,
});

/** What mends each state. */
const REMEDIES: Readonly<Partial<Record<VerifyState, string>>> = {
  missing: "run `pocket lock sync`",
  damaged: "run `pocket lock sync`, which fetches it again",
  differs: "restore pocket.lock from version control",
  stale: "run `pocket lock sync`, or add the tool to settings.toml",
  unlocked: "run `pocket lock sync`",
};

function renderVerifyReport({ tools, sessions, lockfile }: VerifyReport, { style }: Page): string {
  const verified = [...tools, ...sessions.map(toRow)];
  if (verified.length === 0) return `${lockfile}: no tools`;
  const rows = alignColumns(
    verified.map(({ name, source, state }) => [
      state === "ok" ? style.green("✔") : style.red("✘"),
      style.bold(toLine(name)),
      state === "ok" ? state : style.red(state),
      style.dim(toLine(shortenSource(source))),
    ]),
  );
  return verified
    .flatMap((row, index) => [rows[index] ?? "", renderNotes(row, style)])
    .filter((text) => text !== "")
    .join("\n");
}

/** What is wrong, and what mends it; "" where nothing is. */
function renderNotes({ state, message }: Pick<VerifiedTool, "state" | "message">, style: Page["style"]): string {
  const remedy = REMEDIES[state];
  const wrong = message === undefined ? [] : [indent(toLine(message))];
  return [...wrong, ...(remedy === undefined ? [] : [indent(style.dim(`→ ${remedy}`))])].join("\n");
}

/** Sessions have no name: their packages stand where tools have their source. */
function toRow({ requires, ...verified }: VerifiedSession): VerifiedTool {
  return { name: "sessions with", source: requires.join(", "), ...verified };
}
