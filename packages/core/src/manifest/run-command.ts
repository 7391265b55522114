/** Takes a command line such as "python main.py --fast" apart, as a shell would but without one. */
import { parse } from "shell-quote";
import { quoteText } from "../tables/describe-value.ts";
import { parseEntryName, type EntryFault, type EntryName } from "./entry-name.ts";
import type { RuntimeName } from "./runtime-name.ts";

export interface RunCommand {
  readonly entry: EntryName;
  /** The runtime whose interpreter the command starts; absent where it starts the file itself. */
  readonly runtime?: RuntimeName;
  readonly args: readonly string[];
  /** Options of the interpreter, which have no effect here. */
  readonly ignoredOptions: readonly string[];
}

const EXAMPLE = 'write for example "python main.py --fast", "python -m my_tool" or "node dist/index.js"';

/** Commands that start another command in a project's environment; a tool's environment is made otherwise here. */
const LAUNCHERS = new Set(["uv", "poetry", "pipenv", "pdm", "hatch", "rye"]);

/** The command that `text` is; `fault` makes the error where it is none that can be run. */
export function parseRunCommand(text: string, fault: EntryFault): RunCommand {
  const words = splitWords(text, fault);
  const [first = "", second] = words;
  const command = LAUNCHERS.has(first) && second === "run" ? words.slice(2) : words;
  const [program = "", ...rest] = command;
  const runtime = interpreterOf(program);
  if (runtime !== undefined) return { runtime, ...parseInterpreterWords(runtime, rest, text, fault) };
  if (/[./]/u.test(program)) return { entry: parseEntryName(program, fault), args: rest, ignoredOptions: [] };
  throw fault(`${quoteText(text)} starts ${quoteText(program)}, which is not available`, {
    found: text,
    hint: EXAMPLE,
  });
}

/** Operators, globs and variables would need a shell, and there is none. */
function splitWords(text: string, fault: EntryFault): readonly string[] {
  return parse(text, (name) => ({ variable: name })).map((word) => {
    if (typeof word === "string") return word;
    const part = "op" in word ? word.op : "variable" in word ? `$${word.variable}` : "#";
    throw fault(`${quoteText(text)} needs a shell for ${quoteText(part)}`, { found: text, hint: EXAMPLE });
  });
}

function interpreterOf(program: string): RuntimeName | undefined {
  const name = program.slice(program.lastIndexOf("/") + 1);
  if (/^python(?:3(?:\.\d+)?)?$/u.test(name)) return "python";
  return name === "node" || name === "nodejs" ? "node" : undefined;
}

/** Options of python that take the next word as their value. */
const PYTHON_OPTIONS_WITH_VALUE = new Set(["-W", "-X", "--check-hash-based-pycs"]);

function parseInterpreterWords(
  runtime: RuntimeName,
  words: readonly string[],
  text: string,
  fault: EntryFault,
): Omit<RunCommand, "runtime"> {
  const ignoredOptions: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const [word = "", next] = words.slice(index, index + 2);
    const args = words.slice(index + 1);
    if (!word.startsWith("-")) return { entry: parseEntryName(word, fault), args, ignoredOptions };
    if (runtime === "python" && word === "-m" && next !== undefined) {
      return { entry: { kind: "module", module: checkModule(next, fault) }, args: args.slice(1), ignoredOptions };
    }
    if (/^-[cemp]$/u.test(word)) break;
    ignoredOptions.push(word);
    if (runtime === "python" && PYTHON_OPTIONS_WITH_VALUE.has(word)) index += 1;
  }
  throw fault(`${quoteText(text)} names no file`, { found: text, hint: EXAMPLE });
}

function checkModule(name: string, fault: EntryFault): string {
  if (/^[\p{ID_Start}_][\p{ID_Continue}]*(?:\.[\p{ID_Start}_][\p{ID_Continue}]*)*$/u.test(name)) return name;
  throw fault(`${quoteText(name)} is no name of a Python module`, { found: name, hint: EXAMPLE });
}
