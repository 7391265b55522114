/** Runs python tools in one invoker that a test file shares, and reads their results as text. */
import type { Invoker, JsonValue, RunnableTool, RunRequest, RunResult } from "@toolpocket/core";
import { createPythonTool, type PythonToolOptions } from "../python-tool.ts";

export interface RunOptions extends PythonToolOptions {
  input?: JsonValue;
  environment?: Readonly<Record<string, string>>;
  timeoutMs?: number;
}

/** A result with its streams as text, beside their bytes. */
export type ReadResult = RunResult & { readonly out: string; readonly err: string };

export async function runPython(invoker: Invoker, source: string, options: RunOptions = {}): Promise<ReadResult> {
  return runTool(invoker, createPythonTool(source, options), options);
}

export async function runTool(
  invoker: Invoker,
  tool: RunnableTool,
  { input = {}, environment = {}, timeoutMs = 60_000, secrets = [] }: Partial<RunRequest>,
): Promise<ReadResult> {
  const result = await invoker.run(tool, { input, environment, timeoutMs, secrets });
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return { ...result, out: decoder.decode(result.stdout), err: decoder.decode(result.stderr) };
}
