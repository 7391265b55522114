/** An invoker without a browser: each run is a child process, for tests of what stands above the port. No sandbox. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import {
  type Denial,
  type Invoker,
  type NodeProgram,
  type OutcomeCode,
  PocketError,
  type RunnableTool,
  type RunEvent,
  type RunRequest,
  type RunResult,
} from "@toolpocket/core";

const GUEST = fileURLToPath(new URL(`fake-guest${extname(import.meta.url)}`, import.meta.url));

/** An invoker that tells what it was asked to do. It runs node programs only. */
export interface FakeInvoker extends Invoker {
  /** Each run that was begun, in order. */
  readonly runs: readonly { readonly tool: RunnableTool; readonly request: RunRequest }[];
  readonly warmed: readonly RunnableTool[];
  readonly closed: boolean;
}

export interface FakeInvokerOptions {
  /** What happens in each run, as the invoker that asks the host would tell it; denials are in its result too. */
  readonly events?: readonly RunEvent[];
}

/** Keeps the contract of `invokerContract` for the runtime "node". */
export function createFakeInvoker({ events = [] }: FakeInvokerOptions = {}): FakeInvoker {
  const denials = events.flatMap((event): Denial[] => {
    if (event.type !== "denial") return [];
    const { type: _type, ...denial } = event;
    return [denial];
  });
  const runs: { tool: RunnableTool; request: RunRequest }[] = [];
  const warmed: RunnableTool[] = [];
  const closing = new AbortController();
  return {
    runs,
    warmed,
    get closed() {
      return closing.signal.aborted;
    },
    async run(tool, request) {
      const signal = request.signal === undefined ? closing.signal : AbortSignal.any([closing.signal, request.signal]);
      signal.throwIfAborted();
      runs.push({ tool, request });
      const folder = await mkdtemp(join(tmpdir(), "fake-invoker-"));
      try {
        for (const event of events) request.onEvent?.(event);
        const result = await runChild(tool, request, { folder, signal });
        return denials.length === 0 ? result : { ...result, denials };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    warm: (tool) => void warmed.push(tool),
    async close() {
      closing.abort(new PocketError("ERR_POCKET_CLOSED", "the invoker is closed"));
    },
  };
}

async function runChild(
  tool: RunnableTool,
  request: RunRequest,
  { folder, signal }: { folder: string; signal: AbortSignal },
): Promise<RunResult> {
  const { program } = tool;
  if (program.runtime !== "node") {
    return toFailed("unsupported_tool", `the fake invoker runs no ${program.runtime}`, [], []);
  }
  await writeProgram(folder, program);
  signal.throwIfAborted();
  const { entry, args } = program;
  const child = spawn(process.execPath, [GUEST, join(folder, entry.path), entry.function ?? "", ...args], {
    cwd: folder,
    env: request.environment,
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
  return watch(child, JSON.stringify(request.input), { tool, request, signal });
}

async function writeProgram(folder: string, program: NodeProgram): Promise<void> {
  for (const [path, content] of program.files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** Feeds the child, enforces deadline and limits by killing it, and tells how it ended. */
function watch(
  child: ChildProcess,
  input: string,
  { tool, request, signal }: { tool: RunnableTool; request: RunRequest; signal: AbortSignal },
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    let failure: { code: OutcomeCode; message: string } | undefined;
    const kill = (code?: OutcomeCode, message = ""): void => {
      if (code !== undefined) failure ??= { code, message };
      child.kill("SIGKILL");
    };
    const abort = (): void => kill();
    const limit = tool.limits.maxOutputBytes;
    const overflow = (): void => kill("output_too_large", `the tool wrote more than ${limit} bytes`);
    const [stdout, stderr, value] = [1, 2, 3].map((pipe) => collect(child.stdio[pipe] as Readable, limit, overflow));
    const timer = setTimeout(
      () => kill("timeout", `the tool ran longer than ${request.timeoutMs} ms`),
      request.timeoutMs,
    );
    signal.addEventListener("abort", abort, { once: true });
    // A tool need not read its input: the broken pipe is no failure.
    (child.stdin as Writable).on("error", () => {}).end(input);

    child.on("error", reject);
    child.on("close", (exitCode) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      if (signal.aborted) reject(signal.reason);
      else if (failure !== undefined) resolve(toFailed(failure.code, failure.message, stdout ?? [], stderr ?? []));
      else {
        resolve({
          kind: "exited",
          exitCode: exitCode ?? 1,
          stdout: Buffer.concat(stdout ?? []),
          stderr: Buffer.concat(stderr ?? []),
          coldStart: true,
          ...(value !== undefined && value.length > 0 && { value: Buffer.concat(value).toString() }),
        });
      }
    });
  });
}

/** The stream's chunks, never more than `limit` bytes of them. */
function collect(stream: Readable, limit: number, onOverflow: () => void): Buffer[] {
  const chunks: Buffer[] = [];
  let left = limit;
  stream.on("data", (chunk: Buffer) => {
    if (chunk.byteLength > left) onOverflow();
    chunks.push(chunk.subarray(0, left));
    left -= Math.min(left, chunk.byteLength);
  });
  return chunks;
}

function toFailed(code: OutcomeCode, message: string, stdout: Buffer[], stderr: Buffer[]): RunResult {
  return {
    kind: "failed",
    code,
    message,
    stdout: Buffer.concat(stdout),
    stderr: Buffer.concat(stderr),
    coldStart: true,
  };
}
