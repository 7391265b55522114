/** One run of `pocket`: parse, work, print; the exit code tells how it went. */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { isPocketError } from "@toolpocket/core/messages";
import type { Session } from "./command.ts";
import { loadCommands } from "./commands.ts";
import { parseCommandLine, type ParsedCommandLine, wantsJson } from "./parse-command-line.ts";
import type { Printer } from "./printer.ts";
import { usageError } from "./usage-error.ts";
import { readVersion } from "./version.ts";

const EXIT_OK = 0;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

export interface CliHost extends Omit<Session, "cwd"> {
  readonly printer: Printer;
  /** What `--cwd` counts from. */
  readonly folder: string;
}

/** Runs the command line, prints its result or its error, and gives the exit code. Rejects only with the signal's reason. */
export async function runCli(args: readonly string[], host: CliHost): Promise<number> {
  const form = wantsJson(args) ? "json" : "text";
  try {
    return await runParsed(parseCommandLine(args, await loadCommands(args)), form, host);
  } catch (error) {
    host.signal.throwIfAborted();
    await host.printer.printError(error, form);
    return isPocketError(error) && error.code === "ERR_POCKET_USAGE" ? EXIT_USAGE : EXIT_FAILED;
  }
}

async function runParsed(line: ParsedCommandLine, form: "json" | "text", host: CliHost): Promise<number> {
  const { printer } = host;
  if (line.kind === "version") {
    await printer.printVersion(await readVersion(), form);
    return EXIT_OK;
  }
  if (line.kind === "help") {
    await printer.printHelp(line, form);
    return EXIT_OK;
  }
  const cwd = await findFolder(line.cwd, host.folder);
  const result = await line.command.execute(line.values, line.positionals, {
    ...host,
    cwd,
    // Who reads JSON is a program.
    confirm: form === "json" ? undefined : host.confirm,
    announce: form === "json" ? (data) => printer.printValue(data) : undefined,
  });
  if (result.isPrinted) await printer.printResult(result, form);
  return result.isFailure ? EXIT_FAILED : EXIT_OK;
}

async function findFolder(given: string | undefined, folder: string): Promise<string> {
  const path = resolve(folder, given ?? ".");
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) return path;
  throw usageError(`--cwd ${given ?? "."} is no folder`, "name a folder that exists", { path });
}
