/** session.py in an interpreter of this process, with tools that answer at once or later. No sandbox. */
import { readFile } from "node:fs/promises";
import { setFlagsFromString } from "node:v8";
import { loadPyodide } from "pyodide";

const SOURCES = ["tool-calls.py", "session.py"].map(
  (name) => new URL(`../../../../src/guest/worker/python/${name}`, import.meta.url),
);

export interface Told {
  readonly value?: { readonly json?: string; readonly repr?: string };
  readonly error?: {
    readonly type: string;
    readonly message: string;
    readonly line?: number;
    readonly traceback?: string;
  };
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

export interface SessionHarness {
  /** Runs code; `interruptMs` interrupts it after so long. */
  run(code: string, options?: { interruptMs?: number }): Promise<Told>;
  /** The value of the last expression. */
  evaluate(code: string): Promise<unknown>;
  /** Most calls of tools that were under way at the same time, since it was last asked. */
  takeMostCalls(): number;
}

/** Python that waits for JavaScript needs stack switching, which Node has behind a flag since version 24. */
export function hasStackSwitching(): boolean {
  setFlagsFromString("--experimental-wasm-jspi");
  return "Suspending" in (globalThis as unknown as { WebAssembly: object }).WebAssembly;
}

export async function startSessionHarness(): Promise<SessionHarness> {
  const pyodide = await loadPyodide();
  for (const source of SOURCES) pyodide.runPython(await readFile(source, "utf8"), { filename: "<toolpocket>" });
  const [start, connect, execute, interrupt] = pyodide.globals.get("__session");
  pyodide.runPython("__forget_session()");
  let live = 0;
  let most = 0;
  connect(async (tool: string, text: string): Promise<string> => {
    live += 1;
    most = Math.max(most, live);
    await new Promise((resolve) => setTimeout(resolve, 5));
    live -= 1;
    const input = JSON.parse(text) as Record<string, unknown>;
    return JSON.stringify(
      input["fail"] === undefined
        ? { value: { tool, ...input } }
        : { error: { code: "boom", message: "no", details: {} } },
    );
  });
  start("/workspace", "/modules", "import asyncio\nfrom toolpocket import call, call_async, ToolError\n");

  async function run(code: string, { interruptMs }: { interruptMs?: number } = {}): Promise<Told> {
    const running = execute.callPromising(JSON.stringify({ code, maxValueBytes: 1_000, environment: {} }));
    const timer = interruptMs === undefined ? undefined : setTimeout(() => interrupt(), interruptMs);
    try {
      return JSON.parse(await running);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    run,
    async evaluate(code) {
      const { value, error } = await run(code);
      if (error) throw new Error(error.message);
      return value?.json === undefined ? value?.repr : JSON.parse(value.json);
    },
    takeMostCalls() {
      const taken = most;
      most = 0;
      return taken;
    },
  };
}
