#!/usr/bin/env node
/** The program `pocket`: the process's streams and signals around one run of the command line. */
import { createConfirm } from "./confirm.ts";
import { readPipedInput } from "./piped-input.ts";
import { createPrinter } from "./printer.ts";
import { createProgress } from "./progress.ts";
import { runCli } from "./run-cli.ts";
import { toLine } from "./text/foreign-text.ts";

/** How long a command that was interrupted may take to put its things in order. */
const INTERRUPT_GRACE_MS = 5_000;
/** By convention a program that a signal ended exits with 128 and the signal's number. */
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const interrupt = new AbortController();
let exitCode: number | undefined;

for (const [signal, code] of Object.entries(SIGNAL_EXIT_CODES)) {
  process.on(signal, () => {
    if (exitCode !== undefined) process.exit(code);
    exitCode = code;
    interrupt.abort(new Error(`interrupted by ${signal}`));
    setTimeout(() => process.exit(code), INTERRUPT_GRACE_MS).unref();
  });
}
// Whoever reads the output may stop reading, as `head` does.
process.stdout.on("error", () => process.exit(exitCode ?? 0));

const progress = createProgress(process.stderr);
try {
  const code = await runCli(process.argv.slice(2), {
    folder: process.cwd(),
    signal: interrupt.signal,
    onProgress: progress.onProgress,
    notify: (line) => {
      progress.clear();
      process.stderr.write(`${toLine(line)}\n`);
    },
    confirm: createConfirm(process, { signal: interrupt.signal, beforeAsk: progress.clear }),
    readInput: (options) => readPipedInput(process.stdin, options),
    printer: createPrinter(process, progress.clear),
  });
  exitCode ??= code;
} catch (error) {
  if (!interrupt.signal.aborted) throw error;
} finally {
  progress.clear();
}
process.exit(exitCode);
