/** The small tools with which the contract of an invoker is tested: the same behaviour in each runtime. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ResolvedLimits, RunnableTool } from "@toolpocket/core";

export type ContractRuntime = "node" | "python";

const FIXTURES = join(import.meta.dirname, "..", "fixtures", "contract");

/** File name of each tool, by runtime; what it does is said by the cases that use it. */
const FILES = {
  echo: { node: "echo.js", python: "echo.py" },
  function: { node: "function.mjs", python: "function.py" },
  streams: { node: "streams.js", python: "streams.py" },
  exit: { node: "exit.js", python: "exit.py" },
  throw: { node: "throw.js", python: "throw.py" },
  loop: { node: "loop.js", python: "loop.py" },
  flood: { node: "flood.js", python: "flood.py" },
  bound: { node: "bound.js", python: "bound.py" },
  remember: { node: "remember.js", python: "remember.py" },
} as const;

export type ContractTool = keyof typeof FILES;

/** A tool of the fixtures as an invoker takes it. */
export async function readContractTool(
  name: ContractTool,
  runtime: ContractRuntime,
  limits: Partial<ResolvedLimits> = {},
): Promise<RunnableTool> {
  const path = FILES[name][runtime];
  const files = new Map([[path, new Uint8Array(await readFile(join(FIXTURES, runtime, path)))]]);
  const args = name === "bound" ? ["--unit", "a b"] : [];
  const resolved = { timeoutMs: 30_000, maxMemoryBytes: 536_870_912, maxOutputBytes: 1_048_576, ...limits };
  return {
    id: `${name}-${runtime}-${JSON.stringify(resolved)}`,
    name: `${name}-${runtime}`,
    limits: resolved,
    program:
      runtime === "node"
        ? { runtime, entry: { path }, args, files }
        : { runtime, entry: toPythonEntry(name, path), args, files, wheels: [] },
  };
}

function toPythonEntry(name: ContractTool, path: string) {
  return name === "function"
    ? ({ kind: "function", path, function: "describe" } as const)
    : ({ kind: "script", path } as const);
}
