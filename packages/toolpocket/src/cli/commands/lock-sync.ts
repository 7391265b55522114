/** `pocket lock sync`: brings pocket.lock in line with settings.toml. */
import type { SyncReport } from "@toolpocket/core";
import { syncLock } from "../../lock.ts";
import { defineCommand } from "../command.ts";
import { indent } from "../text/columns.ts";
import { toLine } from "../text/foreign-text.ts";
import type { Page, Style } from "../text/page.ts";

export const lockSyncCommand = defineCommand({
  options: {
    frozen: { kind: "flag", about: "fail when pocket.lock would have to change; always so where CI is set" },
    offline: { kind: "flag", about: "use the store only" },
    "accept-permissions": { kind: "flag", about: "take in also tools that ask for more than pocket.lock holds" },
  },
  notes: ["Pins that hold are kept, whatever their branches mean today; `pocket lock update` moves them."],
  examples: ["pocket lock sync", "pocket lock sync --frozen"],
  run: ({ options }, { cwd, onProgress, signal }): Promise<SyncReport> => {
    const { frozen, offline, "accept-permissions": acceptPermissions } = options;
    return syncLock({ cwd, onProgress, signal, offline, acceptPermissions, ...(frozen && { frozen }) });
  },
  render: renderSyncReport,
  renderAside: renderWarnings,
});

function renderSyncReport(report: SyncReport, { style }: Page): string {
  const { added, changed, removed, unchanged, repaired, broken } = report;
  const marks = [
    ...added.map((name) => `${style.green("+")} ${toLine(name)}`),
    ...changed.map((name) => `${style.yellow("~")} ${toLine(name)}`),
    ...removed.map((name) => `${style.red("-")} ${toLine(name)}`),
    ...repaired.map(
      (name) => `${style.yellow("!")} ${toLine(name)}: its content in the store was damaged, and was fetched again`,
    ),
    ...broken.map(({ name, reason }) => `${style.red("✘")} ${toLine(name)} is broken: ${toLine(reason)}`),
  ];
  return [
    summarise(report, style),
    ...marks.map((mark) => indent(mark)),
    ...(unchanged.length > 0 && marks.length > 0 ? [indent(style.dim(`${unchanged.length} unchanged`))] : []),
  ].join("\n");
}

function renderWarnings({ warnings }: SyncReport, { style }: Page): string {
  return warnings
    .map(({ tool, message }) => `${style.yellow("warning:")} ${toLine(tool)}: ${toLine(message)}`)
    .join("\n");
}

function summarise({ written, lockfile, added, changed, unchanged }: SyncReport, style: Style): string {
  const count = added.length + changed.length + unchanged.length;
  const tools = count === 1 ? "1 tool" : `${count} tools`;
  return written ? `${style.green("wrote")} ${lockfile}: ${tools}` : `${lockfile} is up to date: ${tools}`;
}
