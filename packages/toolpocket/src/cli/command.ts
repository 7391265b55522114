/** What a command of `pocket` is: a name, its arguments, work that returns data, and how that data reads as text. */
import type { JsonValue, ProgressEvent } from "@toolpocket/core";
import type { Page } from "./text/page.ts";

/** An option that takes no value is a flag; one that is a list may be given several times. */
export interface OptionSpec {
  readonly kind: "flag" | "text" | "list";
  /** How the value is called in the help, for example "NAME"; a flag has none. */
  readonly value?: string;
  readonly about: string;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

export type OptionValues<Specs extends OptionSpecs> = {
  readonly [Name in keyof Specs]: Specs[Name]["kind"] extends "flag"
    ? boolean
    : Specs[Name]["kind"] extends "list"
      ? readonly string[]
      : string | undefined;
};

export interface PositionalSpec {
  readonly name: string;
  /** @defaultValue one, that must be there */
  readonly count?: "one" | "optional" | "many";
}

/** What a command is given beside its arguments. */
export interface Session {
  /** Absolute: where settings.toml and pocket.lock are. */
  readonly cwd: string;
  /** Fires when the user interrupts. */
  readonly signal: AbortSignal;
  readonly onProgress: (event: ProgressEvent) => void;
  /** Tells the user a line while the command runs, on standard error. */
  readonly notify: (line: string) => void;
  /** With `--json`: prints a value at once, for a command that goes on. */
  readonly announce?: ((data: JsonValue) => Promise<void>) | undefined;
  /** Asks the user to agree; absent where nobody is there to be asked. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
  /** What was piped or redirected in; undefined where nothing was. With `force`, standard input is read in any case. */
  readonly readInput: (options: { readonly force: boolean }) => Promise<string | undefined>;
}

export interface CommandLine<Specs extends OptionSpecs> {
  readonly options: OptionValues<Specs>;
  readonly positionals: readonly string[];
}

export interface CommandSpec<Specs extends OptionSpecs, Data> {
  readonly positionals?: readonly PositionalSpec[];
  readonly options?: Specs;
  /** Paragraphs that stand between the options and the examples in the help. */
  readonly notes?: readonly string[];
  readonly examples: readonly [string, ...string[]];
  /** Does the work, and prints nothing. Throws a `PocketError` when it cannot be done. */
  readonly run: (line: CommandLine<Specs>, session: Session) => Promise<Data>;
  /** The data for people, as standard output shows it. */
  readonly render: (data: Data, page: Page) => string;
  /** What standard error shows beside it. */
  readonly renderAside?: (data: Data, page: Page) => string;
  /** Whether the data tells of a failure: exit code 1. */
  readonly isFailure?: (data: Data) => boolean;
  /** Whether standard output is the command's own while it runs: then nothing is printed at its end, in no form. */
  readonly ownsOutput?: (line: CommandLine<Specs>) => boolean;
}

/** What a command gave, ready to be printed in either form. */
export interface CommandResult {
  /** What `--json` prints. */
  readonly data: unknown;
  readonly isFailure: boolean;
  readonly isPrinted: boolean;
  readonly render: (page: Page) => string;
  readonly renderAside: (page: Page) => string;
}

/** What is known of a command before it is loaded. */
export interface CommandOutline {
  /** Its words, for example "lock sync". */
  readonly name: string;
  readonly summary: string;
  load(): Promise<CommandDefinition>;
}

/** A command whose types are closed over, so that commands can stand in one list. */
export type Command = Pick<CommandOutline, "name" | "summary"> & CommandDefinition;

export interface CommandDefinition {
  readonly positionals: readonly PositionalSpec[];
  readonly options: OptionSpecs;
  readonly notes: readonly string[];
  readonly examples: readonly string[];
  /** `values` holds only what was given. */
  execute(values: GivenValues, positionals: readonly string[], session: Session): Promise<CommandResult>;
}

export type GivenValues = Readonly<Record<string, boolean | string | readonly string[]>>;

export function defineCommand<const Specs extends OptionSpecs, Data>(
  spec: CommandSpec<Specs, Data>,
): CommandDefinition {
  const { positionals = [], options, notes = [], examples, isFailure, render, renderAside } = spec;
  return {
    positionals,
    options: options ?? {},
    notes,
    examples,
    async execute(values, given, session) {
      const line = { options: completeOptions(options, values), positionals: given };
      const data = await spec.run(line, session);
      return {
        data,
        isFailure: isFailure?.(data) ?? false,
        isPrinted: !(spec.ownsOutput?.(line) ?? false),
        render: (page) => render(data, page),
        renderAside: (page) => renderAside?.(data, page) ?? "",
      };
    },
  };
}

const UNKNOWN: Omit<CommandDefinition, "execute"> = { positionals: [], options: {}, notes: [], examples: [] };

/** The command; without its definition, one that is asked for nothing but its name and its summary. */
export function joinCommand({ name, summary, load }: CommandOutline, definition?: CommandDefinition): Command {
  return definition === undefined
    ? { ...UNKNOWN, name, summary, execute: async (...line) => (await load()).execute(...line) }
    : { ...definition, name, summary };
}

function completeOptions<Specs extends OptionSpecs>(specs: Specs | undefined, given: GivenValues): OptionValues<Specs> {
  const values = Object.entries(specs ?? {}).map(([name, { kind }]) => {
    const fallback = kind === "flag" ? false : kind === "list" ? [] : undefined;
    return [name, given[name] ?? fallback] as const;
  });
  return Object.fromEntries(values) as OptionValues<Specs>;
}
