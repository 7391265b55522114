/** Processor time of short commands, as they are installed, beside a node that does nothing. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { compareRow } from "../row.ts";
import { interleave } from "../samples.ts";
import type { Section } from "../section.ts";

const run = promisify(execFile);

const COMMANDS: Readonly<Record<string, readonly string[]>> = { "cli-help": ["--help"], "cli-list": ["list"] };
/** The built program: what is measured is what users install. */
const PROGRAM = fileURLToPath(new URL("../dist/cli/main.js", import.meta.resolve("toolpocket")));
const REPORTER = new URL("../peers/report-processor-time.mjs", import.meta.url).href;

export const commandLine: Section = {
  id: "cli",
  title: "the command line",
  rows: Object.keys(COMMANDS),
  async measure({ folder, count }) {
    const commands = [["-e", "0"], ...Object.values(COMMANDS).map((args) => [PROGRAM].concat(args))];
    const [idle = [], ...taken] = await interleave(
      commands.map((args) => () => readProcessorTime(args, folder.path)),
      { rounds: count(15, 5) },
    );
    return Object.entries(COMMANDS).map(([id, args], index) =>
      compareRow(
        {
          id,
          what: `processor time of \`pocket ${args.join(" ")}\``,
          ours: taken[index] ?? [],
          floorOrPeer: idle,
          unit: "ms",
          beside: "a node that does nothing",
        },
        { atMost: 150, isAbsolute: true },
      ),
    );
  },
};

async function readProcessorTime(args: readonly string[], cwd: string): Promise<number> {
  const { stderr } = await run(process.execPath, ["--import", REPORTER, ...args], { cwd });
  return Number(stderr.slice(stderr.lastIndexOf("\n")));
}
