/** What an update of the lock changes, tool by tool, as text. */
import type { FileChange, LockChange } from "@toolpocket/core";
import { indent } from "./columns.ts";
import { toLine } from "./foreign-text.ts";
import type { Page, Style } from "./page.ts";
import { listPermissions } from "./permissions.ts";

/** Paths of one kind that are named; of more only the number is told. */
const MAX_PATHS = 20;

export function renderLockChanges(changes: readonly LockChange[], page: Page): string {
  return changes.map((change) => renderChange(change, page)).join("\n\n");
}

function renderChange(
  { tool, from, to, files, packages, permissions, definition, refused }: LockChange,
  { style }: Page,
): string {
  const place = from === to ? from.slice(0, 12) : `${from.slice(0, 12)} → ${to.slice(0, 12)}`;
  const lines = [
    ...(refused === undefined ? [] : [style.red(`stays: ${toLine(refused)}`)]),
    ...(files === undefined
      ? [style.dim("files: the old content is not to be had any more")]
      : renderFiles(files, style)),
    ...(packages?.added ?? []).map((text) => style.green(`+ package ${toLine(text)}`)),
    ...(packages?.removed ?? []).map((text) => style.red(`- package ${toLine(text)}`)),
    ...listPermissions(permissions.added).map((text) => style.yellow(`asks for more: ${text}`)),
    ...listPermissions(permissions.removed).map((text) => `asks no longer for: ${text}`),
    ...(definition === ""
      ? [style.dim("definition: unchanged")]
      : ["definition:", indent(renderDiff(definition, style))]),
  ];
  return [`${style.bold(toLine(tool))}  ${place}`.trimEnd(), ...lines.map((line) => indent(line))].join("\n");
}

function renderFiles({ added, removed, changed }: FileChange, style: Style): string[] {
  const list = (mark: string, paths: readonly string[]): string[] => [
    ...paths.slice(0, MAX_PATHS).map((path) => `${mark} ${toLine(path)}`),
    ...(paths.length > MAX_PATHS ? [`${mark} and ${paths.length - MAX_PATHS} more`] : []),
  ];
  if (added.length + removed.length + changed.length === 0) return [style.dim("files: unchanged")];
  return [
    ...list("~", changed),
    ...list("+", added).map((line) => style.green(line)),
    ...list("-", removed).map((line) => style.red(line)),
  ];
}

/** The diff comes with everything invisible shown. Its header names no files, and is left out. */
function renderDiff(definition: string, style: Style): string {
  return definition
    .trimEnd()
    .split("\n")
    .filter((line) => !/^(?:---|\+\+\+) /u.test(line))
    .map((line) => {
      if (line.startsWith("+")) return style.green(line);
      return line.startsWith("-") ? style.red(line) : style.dim(line);
    })
    .join("\n");
}
