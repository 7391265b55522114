/** Builds python tools for tests: what an invoker takes, from a few lines of source. */
import type { PythonProgram, ResolvedLimits, RunnableTool } from "@toolpocket/core";

export interface PythonToolOptions {
  /** Makes a function tool of `main.py`. */
  function?: string;
  /** More files by path; text or bytes. */
  files?: Readonly<Record<string, string | Uint8Array>>;
  args?: readonly string[];
  entry?: PythonProgram["entry"];
  wheels?: PythonProgram["wheels"];
  limits?: Partial<ResolvedLimits>;
}

const LIMITS: ResolvedLimits = { timeoutMs: 30_000, maxMemoryBytes: 536_870_912, maxOutputBytes: 1_048_576 };
let count = 0;

/** A tool with `source` as its main.py, in a sandbox of its own. */
export function createPythonTool(source: string, options: PythonToolOptions = {}): RunnableTool {
  count += 1;
  const encoder = new TextEncoder();
  const files = { "main.py": source, ...options.files };
  const script = options.function
    ? ({ kind: "function", path: "main.py", function: options.function } as const)
    : ({ kind: "script", path: "main.py" } as const);
  return {
    id: `python-${count}`,
    name: `tool_${count}`,
    limits: { ...LIMITS, ...options.limits },
    program: {
      runtime: "python",
      entry: options.entry ?? script,
      args: options.args ?? [],
      files: new Map(
        Object.entries(files).map(([path, content]) => [
          path,
          typeof content === "string" ? encoder.encode(content) : content,
        ]),
      ),
      wheels: options.wheels ?? [],
    },
  };
}
