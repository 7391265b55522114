/** A tool that was added, as text: what it is, what it may not do yet, and how to grant that. */
import { isEmptyPermissions, joinPermissions, renderAllow } from "@toolpocket/core";
import type { AddedTool } from "../commands/add.ts";
import { indent } from "./columns.ts";
import { renderFacts } from "./facts.ts";
import { toLine } from "./foreign-text.ts";
import type { Page } from "./page.ts";
import { listPermissions } from "./permissions.ts";

export function renderAddedTool(tool: AddedTool, { style }: Page): string {
  const { name, description, runtime, source, variables, permissions, warnings } = tool;
  const facts = renderFacts(
    [
      ["source", toLine(source)],
      ["runtime", runtime],
      [
        "variables",
        variables.map(
          ({ name: variable, value, secret, isDefault }) =>
            `${toLine(variable)} = ${value === undefined ? `the secret ${secret?.name ?? ""}` : toLine(value)}${isDefault ? style.dim("  (default)") : ""}`,
        ),
      ],
      ["asks for", listPermissions(permissions.asked)],
      ["granted", listPermissions(permissions.granted)],
      ["not granted", listPermissions(permissions.missing).map((line) => style.yellow(line))],
      ["warnings", warnings.map((warning) => style.yellow(toLine(warning)))],
    ],
    style,
  );
  const parts = [`${style.green("added")} ${style.bold(name)}: ${toLine(description)}`, indent(facts)];
  if (!isEmptyPermissions(permissions.missing)) {
    const allow = renderAllow(joinPermissions(permissions.granted, permissions.missing));
    parts.push(
      `It asks for what is not granted. To grant it, write under [tools.${name}] in settings.toml:`,
      indent(allow),
    );
  }
  return parts.join("\n");
}
