/** `pocket replay`: makes the calls of dead letters again. */
import type { JsonValue, Outcome, ToolRequest } from "@toolpocket/core";
import { type CommandLine, defineCommand, type OptionSpecs, type Session } from "../command.ts";
import { type KeptLetter, openDeadLetters } from "../project/dead-letter-file.ts";
import { findCalledRequest } from "../project/find-request.ts";
import { renderReplay } from "../text/replay.ts";
import { Pocket } from "../../pocket.ts";

const OPTIONS = { offline: { kind: "flag", about: "use the store only" } } as const satisfies OptionSpecs;

export interface ReplayedCall {
  readonly tool: string;
  readonly input: JsonValue;
  readonly outcome: Outcome;
}

export interface Replay {
  /** Absolute. */
  readonly file: string;
  readonly calls: readonly ReplayedCall[];
  /** Letters that are still in the file. */
  readonly left: number;
}

export const replayCommand = defineCommand({
  positionals: [{ name: "FILE" }],
  options: OPTIONS,
  notes: [
    "FILE is what `pocket run --dead-letters FILE` has written: a line of JSON for each call that failed for good. The calls are made one after the other, with the tools as settings.toml has them now.",
    "Exits with 1 when a call fails again.",
  ],
  examples: ["pocket replay failed.jsonl", "pocket replay failed.jsonl --json"],
  run: replay,
  render: renderReplay,
  isFailure: ({ calls }) => calls.some(({ outcome }) => outcome.status !== "ok"),
});

async function replay({ positionals, options }: CommandLine<typeof OPTIONS>, session: Session): Promise<Replay> {
  const { cwd, signal, onProgress } = session;
  const file = openDeadLetters(cwd, positionals[0] ?? "");
  const letters = await file.read();
  const tools = await findRequests(letters, session);
  const calls: ReplayedCall[] = [];
  const done: KeptLetter[] = [];
  await using pocket = new Pocket({ cwd, onProgress, offline: options.offline, tools });
  try {
    for (const letter of letters) {
      const { tool, input } = letter;
      const outcome = await pocket.invoke(tool, input, { signal });
      calls.push({ tool, input, outcome });
      if (outcome.status === "ok") done.push(letter);
    }
  } finally {
    // Also after an interrupt: what has succeeded must not be done twice.
    if (done.length > 0) await file.remove(done);
  }
  return { file: file.path, calls, left: letters.length - done.length };
}

/** Every tool is looked for before the first call is made. */
async function findRequests(letters: readonly KeptLetter[], session: Session): Promise<readonly ToolRequest[]> {
  const names = [...new Set(letters.map(({ tool }) => tool))];
  const requests = await Promise.all(names.map((name) => findCalledRequest(name, session)));
  // Several tools may be those of one component.
  return [...new Map(requests.map((request) => [request.options.name, request])).values()];
}
