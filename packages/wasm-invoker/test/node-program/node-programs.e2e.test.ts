/** The node runtime against the real Node: the same programs, the same input, the same bytes and exit code. */
import type { JsonValue } from "@toolpocket/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWasmInvoker } from "../../src/index.ts";
import { EVENT_LOOP_PROGRAMS } from "./programs/event-loop.ts";
import { LIBRARY_PROGRAMS } from "./programs/library.ts";
import { MODULE_PROGRAMS } from "./programs/modules.ts";
import type { NodeTestProgram } from "./programs/node-test-program.ts";
import { PROCESS_PROGRAMS } from "./programs/process-and-streams.ts";
import { runInNode, toFiles } from "./run-in-node.ts";

/** The release that the runtime passes for: another one prints some things differently. */
const NODE_MAJOR = "v24.";
const isComparable = process.version.startsWith(NODE_MAJOR);
const GROUPS: Readonly<Record<string, readonly NodeTestProgram[]>> = {
  "event loop": EVENT_LOOP_PROGRAMS,
  modules: MODULE_PROGRAMS,
  "process and streams": PROCESS_PROGRAMS,
  library: LIBRARY_PROGRAMS,
};

let invoker: ReturnType<typeof createWasmInvoker>;
beforeAll(() => {
  invoker = createWasmInvoker({ maxSandboxes: 3 });
});
afterAll(() => invoker.close());

describe.for(Object.entries(GROUPS))("node runtime: %s", ([, programs]) => {
  it.skipIf(!isComparable).for(programs.map((program) => [program.title, program] as const))(
    `does as Node ${NODE_MAJOR}x when a program %s`,
    async ([title, program]) => {
      const [expected, actual] = await Promise.all([runInNode(program), runInSandbox(title, program)]);
      expect(actual).toEqual({ exitCode: expected.exitCode, stdout: toText(expected.stdout) });
    },
  );
});

async function runInSandbox(id: string, program: NodeTestProgram): Promise<{ exitCode: number; stdout: string }> {
  const [entry = ""] = Object.keys(program.files);
  const result = await invoker.run(
    {
      id,
      name: "compared",
      limits: { timeoutMs: 20_000, maxMemoryBytes: 536_870_912, maxOutputBytes: 1_048_576 },
      program: { runtime: "node", entry: { path: entry }, args: program.args ?? [], files: await toFiles(program) },
    },
    { input: (program.input ?? {}) as JsonValue, environment: { POCKET_TEST: "value" }, timeoutMs: 20_000 },
  );
  if (result.kind !== "exited") throw new Error(`${result.message}\n${Buffer.from(result.stderr).toString()}`);
  return { exitCode: result.exitCode, stdout: Buffer.from(result.stdout).toString() };
}

/** Text of bytes that were kept as latin1. */
function toText(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString();
}
