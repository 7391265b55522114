/** The help of `pocket` and of each command, rendered out of their definitions. */
import type { Command, CommandOutline, OptionSpec, OptionSpecs, PositionalSpec } from "./command.ts";
import { GLOBAL_OPTIONS } from "./parse-command-line.ts";
import { alignColumns, indent } from "./text/columns.ts";
import type { Style } from "./text/page.ts";

/** Columns that a paragraph may take. */
const PARAGRAPH_WIDTH = 90;

type ListedCommand = Pick<CommandOutline, "name" | "summary">;

export function renderOverview(commands: readonly ListedCommand[], style: Style): string {
  const rows = alignColumns(commands.map(({ name, summary }) => [name, summary]));
  return [
    "Tools that somebody else wrote, pinned and sandboxed in Chromium.",
    "",
    `${style.bold("Usage:")} pocket COMMAND [OPTIONS]`,
    "",
    style.bold("Commands:"),
    ...rows.map((row) => indent(row)),
    "",
    ...renderOptions({}, style),
    "",
    "`pocket COMMAND --help` tells more. Exit codes: 0 done, 1 failed, 2 wrong usage.",
  ].join("\n");
}

/** The commands that begin with the same word, such as "lock". */
export function renderGroup(group: string, commands: readonly ListedCommand[], style: Style): string {
  const members = commands.filter(({ name }) => name.startsWith(`${group} `));
  const rows = alignColumns(members.map(({ name, summary }) => [name, summary]));
  return [
    `${style.bold("Usage:")} pocket ${group} COMMAND [OPTIONS]`,
    "",
    style.bold("Commands:"),
    ...rows.map((row) => indent(row)),
  ].join("\n");
}

export function renderCommandHelp(
  { name, summary, positionals, options, notes, examples }: Command,
  style: Style,
): string {
  const words = ["pocket", name, ...positionals.map(renderPositional), "[OPTIONS]"];
  return [
    `${summary}.`,
    "",
    `${style.bold("Usage:")} ${words.join(" ")}`,
    "",
    ...renderOptions(options, style),
    ...notes.flatMap((note) => ["", wrap(note)]),
    "",
    style.bold(examples.length === 1 ? "Example:" : "Examples:"),
    ...examples.map((example) => indent(example)),
  ].join("\n");
}

function renderOptions(own: OptionSpecs, style: Style): string[] {
  const specs = Object.entries({ ...own, ...GLOBAL_OPTIONS });
  const rows = alignColumns(specs.map(([name, spec]) => [renderOption(name, spec), spec.about]));
  return [style.bold("Options:"), ...rows.map((row) => indent(row))];
}

function renderOption(name: string, { kind, value }: OptionSpec): string {
  const short = name === "help" || name === "version" ? `-${name.slice(0, 1)}, ` : "";
  return `${short}--${name}${kind === "flag" ? "" : ` ${value ?? "VALUE"}`}`;
}

function renderPositional({ name, count = "one" }: PositionalSpec): string {
  if (count === "one") return name;
  return count === "many" ? `[${name}…]` : `[${name}]`;
}

function wrap(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < PARAGRAPH_WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n");
}
