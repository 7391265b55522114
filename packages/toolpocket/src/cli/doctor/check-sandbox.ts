/** Checks that tools run: starts the browser for real, runs one tool of each runtime, and looks at the sandbox around them. */
import { type Invoker, openStore, type Program, resolveLimits, type RunnableTool } from "@toolpocket/core";
import type { Session } from "../command.ts";
import { type Check, check, failed, passed } from "./check.ts";
import { readRendererStates } from "./renderer-state.ts";

const PROGRAMS: readonly Program[] = [
  {
    runtime: "python",
    entry: { kind: "function", path: "main.py", function: "run" },
    args: [],
    wheels: [],
    files: toFiles("main.py", "import sys\n\ndef run():\n    return sys.version.split()[0]\n"),
  },
  {
    runtime: "node",
    entry: { path: "index.mjs" },
    args: [],
    files: toFiles("index.mjs", "export default () => process.versions.node;\n"),
  },
];

/** @param executablePath `[browser]` `path` of settings.toml */
export async function checkSandbox(
  executablePath: string | undefined,
  { onProgress, signal }: Session,
): Promise<Check[]> {
  const [{ createWasmInvoker }, { createSnapshotStore }] = await Promise.all([
    import("@toolpocket/wasm-invoker"),
    import("../../snapshot-store.ts"),
  ]);
  const invoker = createWasmInvoker({
    onProgress,
    snapshots: createSnapshotStore(openStore()),
    keepSpare: false,
    ...(executablePath !== undefined && { executablePath }),
  });
  try {
    const checks: Check[] = [];
    for (const program of PROGRAMS) checks.push(await checkRuntime(invoker, program, signal));
    const ran = checks.some(({ state }) => state === "ok");
    return [...checks, ...(ran && process.platform === "linux" ? [await checkRenderers()] : [])];
  } finally {
    await invoker.close();
  }
}

async function checkRuntime(invoker: Invoker, program: Program, signal: AbortSignal): Promise<Check> {
  // The machine's own node is another row.
  const name = `${program.runtime} tools`;
  return check(name, async () => {
    const started = performance.now();
    const tool: RunnableTool = {
      id: `doctor-${program.runtime}`,
      name: `doctor_${program.runtime}`,
      program,
      limits: resolveLimits(),
    };
    const result = await invoker.run(tool, { input: {}, environment: {}, timeoutMs: tool.limits.timeoutMs, signal });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const remedy = "report this, with the version of the browser";
    if (result.kind === "failed") return failed(name, `a tool did not run: ${result.message}`, remedy);
    if (result.exitCode === 0 && result.value !== undefined) {
      return passed(name, `${String(JSON.parse(result.value))} ran a tool in ${seconds} s`);
    }
    return failed(
      name,
      `a tool exited with code ${result.exitCode}: ${new TextDecoder().decode(result.stderr).trim()}`,
      remedy,
    );
  });
}

async function checkRenderers(): Promise<Check> {
  const states = await readRendererStates();
  const isHeld = states.length > 0 && states.every((state) => state.hasSeccompFilter && state.hasOwnPidNamespace);
  return isHeld
    ? passed("sandbox", "Chromium's sandbox holds the tools: system calls filtered, other processes out of sight")
    : failed(
        "sandbox",
        states.length === 0
          ? "the processes that run tools could not be found"
          : "a process that runs tools is not held by Chromium's sandbox",
        "take no switch into the browser's own start script that weakens its sandbox; see the line on namespaces",
      );
}

function toFiles(path: string, text: string): ReadonlyMap<string, Uint8Array> {
  return new Map([[path, new TextEncoder().encode(text)]]);
}
