/** `pocket permission show`: what a tool asks for, what it is granted, and what it is not. */
import { isEmptyPermissions, joinPermissions, renderAllow } from "@toolpocket/core";
import { defineCommand } from "../command.ts";
import { type PermissionState, readPermissionState } from "../project/permission-state.ts";
import { indent } from "../text/columns.ts";
import { renderFacts } from "../text/facts.ts";
import { toLine } from "../text/foreign-text.ts";
import type { Page } from "../text/page.ts";
import { listPermissions } from "../text/permissions.ts";

export const permissionShowCommand = defineCommand({
  positionals: [{ name: "TOOL" }],
  options: { offline: { kind: "flag", about: "use the store only" } },
  examples: ["pocket permission show weather", "pocket permission show weather --json"],
  run: ({ positionals: [name = ""], options }, session) => readPermissionState(name, session, options),
  render: renderPermissionState,
});

/** The same for every command that shows or changes permissions. */
export function renderPermissionState(state: PermissionState, { style }: Page): string {
  const { name, asked, granted, denied, missing } = state;
  const facts = renderFacts(
    [
      ["asks for", asked === undefined ? "not known: see `pocket inspect`" : orNothing(listPermissions(asked))],
      ["granted", orNothing(listPermissions(granted))],
      ["denied", listPermissions(denied)],
      ["not granted", listPermissions(missing).map((line) => style.yellow(line))],
    ],
    style,
  );
  const parts = [style.bold(toLine(name)), indent(facts)];
  if (!isEmptyPermissions(missing)) {
    parts.push(
      `To grant it, write under [tools.${name}] in settings.toml, or run \`pocket permission grant\`:`,
      indent(renderAllow(joinPermissions(granted, missing))),
    );
  }
  return parts.join("\n");
}

function orNothing(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? ["nothing"] : lines;
}
