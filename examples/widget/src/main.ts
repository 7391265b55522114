/** Shows `<pocket-python>` in a page on loopback, beside a Python tool that runs one small program after the other. */
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { createPythonTool, type PythonTool } from "@toolpocket/python-tool";
import { isPocketError, Pocket } from "toolpocket";
import { PROGRAMS } from "./programs.ts";
import { openScratchFolder } from "./scratch-folder.ts";
import { startServer } from "./start-server.ts";

/** Pause between two programs. */
const PAUSE_MS = 1_500;

const stopping = new AbortController();
// A Ctrl-C reaches this process more than once, where a script runner passes on what the terminal has sent already.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());

try {
  await using scratch = await openScratchFolder();
  await using pocket = new Pocket({ cwd: scratch.path, tools: [] });
  await using tool = createPythonTool(pocket);
  await using server = await startServer(tool, Number(process.env["PORT"] ?? 0));
  console.log(`<pocket-python> is at ${server.url}\nCtrl-C ends it.`);
  await work(tool, stopping.signal);
} catch (error) {
  if (!stopping.signal.aborted) {
    console.error(isPocketError(error) ? `${error.message}\n${error.hint ?? ""}` : error);
    process.exitCode = 1;
  }
}

async function work(tool: PythonTool, signal: AbortSignal): Promise<void> {
  await tool.start();
  for (let turn = 0; !signal.aborted; turn += 1) {
    await tool.executeTool("execute_python", { code: PROGRAMS[turn % PROGRAMS.length] }, { signal });
    await setTimeout(PAUSE_MS, undefined, { signal });
  }
}
