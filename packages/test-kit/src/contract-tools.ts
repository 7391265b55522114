/** The small tools with which the contract of an invoker is tested: the same behaviour in each runtime. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Program, ResolvedLimits, RunnableTool } from "@toolpocket/core";
import { assembleWat } from "./assemble-wat.ts";

export type ContractRuntime = "node" | "python" | "wasm";

const FIXTURES = join(import.meta.dirname, "..", "fixtures", "contract");

/** File name of each tool, by runtime; what it does is said by the cases that use it. */
const FILES = {
  echo: { node: "echo.js", python: "echo.py", wasm: "echo.wat" },
  function: { node: "function.mjs", python: "function.py" },
  streams: { node: "streams.js", python: "streams.py", wasm: "streams.wat" },
  exit: { node: "exit.js", python: "exit.py", wasm: "exit.wat" },
  throw: { node: "throw.js", python: "throw.py", wasm: "throw.wat" },
  loop: { node: "loop.js", python: "loop.py", wasm: "loop.wat" },
  flood: { node: "flood.js", python: "flood.py", wasm: "flood.wat" },
  bound: { node: "bound.js", python: "bound.py", wasm: "bound.wat" },
  remember: { node: "remember.js", python: "remember.py", wasm: "remember.wat" },
} as const;

/** The clock is what these cases are about; fuel is counted all the same. */
const UNLIMITED_FUEL = Number.MAX_SAFE_INTEGER;

export type ContractTool = keyof typeof FILES;

/** A tool of the fixtures as an invoker takes it. */
export async function readContractTool(
  name: ContractTool,
  runtime: ContractRuntime,
  limits: Partial<ResolvedLimits> = {},
): Promise<RunnableTool> {
  const path = fileOf(name, runtime);
  const files = new Map([[path, new Uint8Array(await readFile(join(FIXTURES, runtime, path)))]]);
  const args = name === "bound" ? ["--unit", "a b"] : [];
  const resolved = {
    timeoutMs: 30_000,
    maxMemoryBytes: 536_870_912,
    maxOutputBytes: 1_048_576,
    fuel: UNLIMITED_FUEL,
    ...limits,
  };
  return {
    id: `${name}-${runtime}-${JSON.stringify(resolved)}`,
    name: `${name}-${runtime}`,
    limits: resolved,
    program: await toProgram(),
  };

  async function toProgram(): Promise<Program> {
    switch (runtime) {
      case "node":
        return { runtime, entry: { path }, args, files };
      case "python":
        return { runtime, entry: toPythonEntry(name, path), args, files, wheels: [] };
      case "wasm": {
        const bytes = await assembleWat(await readFile(join(FIXTURES, runtime, path), "utf8"), path);
        const module = { name: path.replace(".wat", ".wasm"), bytes };
        return { runtime, module, entrypoint: "run", enableWasi: true, contract: { capabilities: [] } };
      }
    }
  }
}

function fileOf(name: ContractTool, runtime: ContractRuntime): string {
  const files: Partial<Record<ContractRuntime, string>> = FILES[name];
  const file = files[runtime];
  if (file === undefined) throw new Error(`there is no tool "${name}" for ${runtime}`);
  return file;
}

function toPythonEntry(name: ContractTool, path: string) {
  return name === "function"
    ? ({ kind: "function", path, function: "describe" } as const)
    : ({ kind: "script", path } as const);
}
