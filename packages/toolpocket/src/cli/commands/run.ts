/** `pocket run`: calls one tool. */
import { resolve } from "node:path";
import {
  type DeadLetter,
  isJsonObject,
  isPocketError,
  openAudit,
  type Outcome,
  parseDurationMs,
  type PocketError,
} from "@toolpocket/core";
import { type CommandLine, defineCommand, type OptionSpecs, type Session } from "../command.ts";
import { openDeadLetters } from "../project/dead-letter-file.ts";
import { findCalledRequest } from "../project/find-request.ts";
import { parseInput } from "../parse-input.ts";
import { renderOutput, renderProblem } from "../text/outcome.ts";
import { usageError } from "../usage-error.ts";
import { Pocket } from "../../pocket.ts";

const OPTIONS = {
  timeout: {
    kind: "text",
    value: "TIME",
    about: "end the call after TIME, for example 10s; by default the tool's limit",
  },
  "dead-letters": {
    kind: "text",
    value: "FILE",
    about: "add the call to FILE when it fails for good; `pocket replay FILE` makes it again",
  },
  audit: {
    kind: "text",
    value: "FILE",
    about: "append a line of JSON for each invocation, request and denial to FILE",
  },
  offline: { kind: "flag", about: "use the store only" },
} as const satisfies OptionSpecs;

export const runCommand = defineCommand({
  positionals: [{ name: "NAME" }, { name: "INPUT", count: "optional" }],
  options: OPTIONS,
  notes: [
    "INPUT is JSON, or - for standard input. Without it, what is piped or redirected in is taken, else {}.",
    "Standard output has the tool's output alone, standard error what it wrote there; --json prints the whole outcome. Exits with 1 when the outcome is an error or denied.",
  ],
  examples: [
    `pocket run weather '{"city":"Seoul"}'`,
    "pocket run weather --json < input.json",
    "pocket run weather --timeout 10s --audit audit.jsonl",
    "pocket run weather --dead-letters failed.jsonl",
  ],
  run: callTool,
  render: renderOutput,
  renderAside: renderProblem,
  isFailure: ({ status }) => status !== "ok",
});

/** Only the tool that is called is loaded: what is wrong with another does not matter here. */
async function callTool({ positionals, options }: CommandLine<typeof OPTIONS>, session: Session): Promise<Outcome> {
  const [name = "", argument] = positionals;
  const timeoutMs = options.timeout === undefined ? undefined : parseTimeout(options.timeout);
  const { cwd, signal, onProgress } = session;
  const request = await findCalledRequest(name, session);
  const input = toInput(await readInputText(argument, session));
  const file = options["dead-letters"];
  const letters = file === undefined ? undefined : openDeadLetters(cwd, file);
  await using pocket = new Pocket({
    cwd,
    onProgress,
    offline: options.offline,
    tools: [request],
    ...(letters && { onDeadLetter: (letter: DeadLetter) => letters.add(letter) }),
  });
  using _audit = options.audit === undefined ? undefined : openAudit(pocket, resolve(cwd, options.audit));
  return await pocket.invoke(name, input, { signal, ...(timeoutMs !== undefined && { timeoutMs }) });
}

/** An object goes on as the text that it is: a tool of contract v1 gets it word for word. */
function toInput(text: string): unknown {
  const value = parseInput(text);
  return isJsonObject(value) ? text.trim() : value;
}

async function readInputText(argument: string | undefined, { readInput }: Session): Promise<string> {
  if (argument !== undefined && argument !== "-") return argument;
  const text = await readInput({ force: argument === "-" });
  return text === undefined || text.trim() === "" ? "{}" : text;
}

function parseTimeout(text: string): number {
  try {
    const timeoutMs = parseDurationMs(text);
    if (timeoutMs > 0) return timeoutMs;
  } catch (error) {
    if (!isPocketError(error)) throw error;
  }
  throw timeoutError(text);
}

function timeoutError(text: string): PocketError {
  return usageError(
    `--timeout ${text} is not a duration above zero`,
    "write a number with a unit, such as 10s, 1m30s or 250ms",
  );
}
