/** Parses the arguments of `pocket` into a command and its values. Pure. */
import { parseArgs } from "node:util";
import { nearestHint } from "@toolpocket/core/messages";
import type { Command, GivenValues, OptionSpec, OptionSpecs } from "./command.ts";
import { usageError } from "./usage-error.ts";

/** Options that every command has, before or behind its name. */
export const GLOBAL_OPTIONS = {
  cwd: { kind: "text", value: "DIR", about: "work in DIR instead of the current folder" },
  json: { kind: "flag", about: "print one JSON value" },
  help: { kind: "flag", about: "show this help" },
  version: { kind: "flag", about: "show the version of pocket" },
} as const satisfies OptionSpecs;

const SHORT_NAMES: Readonly<Record<string, keyof typeof GLOBAL_OPTIONS>> = { h: "help", v: "version" };

/** What the command line asks for. */
export type ParsedCommandLine =
  | { readonly kind: "version" }
  /** Without a command: of all of them, or of a group of them, such as "lock". */
  | { readonly kind: "help"; readonly command?: Command; readonly group?: string }
  | {
      readonly kind: "command";
      readonly command: Command;
      readonly values: GivenValues;
      readonly positionals: readonly string[];
      readonly cwd: string | undefined;
    };

/** @throws PocketError ERR_POCKET_USAGE that names the nearest command or option */
export function parseCommandLine(args: readonly string[], commands: readonly Command[]): ParsedCommandLine {
  const { words, rest } = splitCommand(args, commands);
  if (words[0] === "help" && rest.length === 0) return parseHelp(words.slice(1), commands);
  const command = commands.find(({ name }) => name === words.join(" "));
  const isGroup = commands.some(({ name }) => name.startsWith(`${words.join(" ")} `));
  if (command === undefined && !isGroup && words.length > 0) throw unknownCommand(words, commands);
  const { values, positionals } = parseValues(rest, command);
  if (values["version"] === true) return { kind: "version" };
  if (values["help"] === true || words.length === 0) return parseHelp(words, commands);
  if (command === undefined) throw unknownCommand(words, commands);
  checkPositionals(command, positionals);
  const cwd = typeof values["cwd"] === "string" ? values["cwd"] : undefined;
  return { kind: "command", command, values, positionals, cwd };
}

/** Whether the answer is wanted as JSON; told also of a command line that is wrong. */
export function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end === -1 ? args.length : end).includes("--json");
}

/** Parts the words of the command from all other arguments, which keep their order. */
function splitCommand(args: readonly string[], commands: readonly Command[]): { words: string[]; rest: string[] } {
  const words: string[] = [];
  const rest: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    if (arg === "--" || isComplete(words, commands)) return { words, rest: [...rest, ...args.slice(index)] };
    if (!arg.startsWith("-") || arg === "-") {
      words.push(arg);
      continue;
    }
    rest.push(arg);
    if (takesValue(arg, words, commands) && index + 1 < args.length) rest.push(args[(index += 1)] ?? "");
  }
  return { words, rest };
}

function isComplete(words: readonly string[], commands: readonly Command[]): boolean {
  if (words.length === 0 || words[0] === "help") return false;
  return !commands.some(({ name }) => name.startsWith(`${words.join(" ")} `));
}

/** Whether the option takes the next argument: as far as can be told while the command is not known yet. */
function takesValue(arg: string, words: readonly string[], commands: readonly Command[]): boolean {
  if (arg.includes("=")) return false;
  const name = arg.replace(/^--/u, "");
  const possible = commands.filter(({ name: command }) => words.length === 0 || command.startsWith(words.join(" ")));
  const specs = [GLOBAL_OPTIONS, ...possible.map(({ options }) => options)] as readonly OptionSpecs[];
  const spec = specs.find((one) => Object.hasOwn(one, name))?.[name];
  return spec !== undefined && spec.kind !== "flag";
}

function parseValues(
  args: readonly string[],
  command: Command | undefined,
): { values: GivenValues; positionals: string[] } {
  const specs: OptionSpecs = { ...command?.options, ...GLOBAL_OPTIONS };
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, { kind }]) => [name, { type: kind === "flag" ? "boolean" : "string" } as const]),
  );
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const values: Record<string, boolean | string | readonly string[]> = {};
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const name = SHORT_NAMES[token.name] ?? token.name;
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (spec === undefined) throw unknownOption(token.rawName, command, specs);
    values[name] = readValue(token, spec, values[name], command);
  }
  return { values, positionals };
}

interface OptionToken {
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function readValue(
  { rawName, value, inlineValue }: OptionToken,
  { kind, value: valueName = "" }: OptionSpec,
  before: GivenValues[string] | undefined,
  command: Command | undefined,
): boolean | string | readonly string[] {
  if (kind === "flag") {
    if (value === undefined) return true;
    throw usageError(`${rawName} takes no value`, `write ${rawName} alone`);
  }
  if (value === undefined || value === "" || (inlineValue !== true && value.startsWith("--"))) {
    throw usageError(`${rawName} needs a value`, `write ${rawName} ${valueName}`);
  }
  if (kind === "list") return [...(Array.isArray(before) ? before : []), value];
  if (before !== undefined) throw usageError(`${rawName} is given twice`, `give it once; see ${helpCommand(command)}`);
  return value;
}

function unknownOption(rawName: string, command: Command | undefined, specs: OptionSpecs): Error {
  const known = Object.keys(specs).map((name) => `--${name}`);
  const place = command === undefined ? "" : ` of \`pocket ${command.name}\``;
  return usageError(`unknown option ${rawName}${place}${nearestHint(rawName, known)}`, `see ${helpCommand(command)}`, {
    option: rawName,
    known,
  });
}

function unknownCommand(words: readonly string[], commands: readonly Command[]): Error {
  const text = words.join(" ");
  const inside = commands.filter(({ name }) => name.startsWith(`${words[0] ?? ""} `)).map(({ name }) => name);
  if (words.length === 1 && inside.length > 0) {
    return usageError(
      `\`pocket ${text}\` needs one more word`,
      `write one of ${inside.map((name) => `pocket ${name}`).join(", ")}`,
    );
  }
  const known = commands.map(({ name }) => name);
  const first = [...new Set(known.map((name) => name.split(" ", 1)[0] ?? ""))];
  const nearest = nearestHint(text, inside.length > 0 ? inside : [...known, ...first]);
  return usageError(`unknown command "${text}"${nearest}`, "see `pocket --help`", { command: text, known });
}

function parseHelp(words: readonly string[], commands: readonly Command[]): ParsedCommandLine {
  const name = words.join(" ");
  if (name === "") return { kind: "help" };
  const command = commands.find((one) => one.name === name);
  if (command !== undefined) return { kind: "help", command };
  if (commands.some((one) => one.name.startsWith(`${name} `))) return { kind: "help", group: name };
  throw unknownCommand(words, commands);
}

function checkPositionals(command: Command, given: readonly string[]): void {
  const specs = command.positionals;
  const missing = specs.find(({ count = "one" }, index) => count === "one" && given[index] === undefined);
  if (missing !== undefined) {
    throw usageError(`\`pocket ${command.name}\` needs ${missing.name}`, `for example: ${command.examples[0] ?? ""}`);
  }
  const surplus = specs.some(({ count }) => count === "many") ? undefined : given[specs.length];
  if (surplus !== undefined) {
    throw usageError(`unexpected argument "${surplus}"`, `see ${helpCommand(command)}`, { argument: surplus });
  }
}

function helpCommand(command: Command | undefined): string {
  return `\`pocket ${command === undefined ? "" : `${command.name} `}--help\``;
}
