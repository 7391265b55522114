/** A sandbox: one page in Chromium on an origin of its own, bound to one tool for as long as it lives. */
import { randomBytes } from "node:crypto";
import { PocketError, type RunnableTool, type RunRequest, type RunResult } from "@toolpocket/core";
import { encodeFrame, type GuestRuntimeName, type ToPage } from "@toolpocket/runtime-templates";
import type { WebSocket } from "ws";
import type { BrowserPage } from "../browser/launch-browser.ts";
import { watchMemory } from "../memory/memory-watch.ts";
import type { PackedProgram } from "../program/pack-program.ts";
import { openStorageSession, type StorageSession } from "../storage/storage-session.ts";
import { createHostCalls } from "./host-calls.ts";
import { readPageMessage } from "./read-page-message.ts";
import { createSandboxRun, INTERRUPT_GRACE_MS, type RunFailure, type SandboxRun } from "./sandbox-run.ts";

export interface Sandbox {
  readonly runtime: GuestRuntimeName;
  /** Settles as soon as the sandbox can no longer be used, by `close()` or by a crash. */
  readonly gone: Promise<void>;
  /** Starts an instance for the tool that will come. */
  boot(): void;
  /** Gives the sandbox to `tool` for good, and keeps `readyInstances` waiting. */
  bind(tool: RunnableTool, program: PackedProgram, readyInstances: number): void;
  /** The runs of a session's program share one instance; they come one at a time. */
  run(tool: RunnableTool, request: RunRequest, coldStart: boolean): Promise<RunResult>;
  /** Destroys the session's instance. */
  reset(): void;
  makeSnapshot(): Promise<Uint8Array>;
  /** Ends the runs with ERR_POCKET_CLOSED; resolves when the page is closed. Idempotent. */
  close(): Promise<void>;
}

const CRASHED: RunFailure = { code: "execution_failed", message: "the tool's sandbox crashed" };
const MEMORY_EXCEEDED: RunFailure = { code: "memory_exceeded", message: "the tool used more memory than its limit" };
/** How long the making of a snapshot may take: it takes seconds. */
const SNAPSHOT_TIMEOUT_MS = 120_000;
const SNAPSHOT_LATE: RunFailure = {
  code: "isolation_unavailable",
  message: `the python runtime's snapshot was not made within ${SNAPSHOT_TIMEOUT_MS} ms`,
};
const NOTHING = new Uint8Array(0);
/** How long the browser may take to tell why a page is gone, after its channel has broken. */
const CRASH_REPORT_MS = 1_000;

export interface SandboxOptions {
  runtime: GuestRuntimeName;
  page: BrowserPage;
  channel: WebSocket;
  /** Has the page's server serve the glue of the component that the sandbox is bound to. */
  addGlue(glue: string): void;
  /** Called when the sandbox is gone: takes its site down. */
  release(): void;
}

interface SandboxCall {
  readonly tool: RunnableTool;
  readonly request: RunRequest;
  readonly coldStart: boolean;
}

/** Takes over a page whose channel is open. */
export function createSandbox({ runtime, page, channel, addGlue, release }: SandboxOptions): Sandbox {
  const runs = new Map<string, SandboxRun>();
  const storages = new Map<string, StorageSession>();
  const gone = Promise.withResolvers<void>();
  let snapshot: PromiseWithResolvers<Uint8Array> | undefined;
  let closing: Promise<void> | undefined;
  let isWatched = false;

  const memory = watchMemory({ processId: page.processId, onExceeded: () => kill(MEMORY_EXCEEDED) });
  const send = (message: ToPage, parts?: readonly Uint8Array[]): void => channel.send(encodeFrame(message, parts));

  /** From now on the sandbox takes no run. */
  function retire(): void {
    memory.close();
    release();
    gone.resolve();
  }

  function end(failure: RunFailure | PocketError): Promise<void> {
    if (closing) return closing;
    closing = page.close();
    retire();
    channel.terminate();
    for (const run of runs.values()) run.lose(failure);
    snapshot?.reject(failure instanceof Error ? failure : snapshotError(failure.message));
    return closing;
  }

  /** Ends a sandbox that can no longer be trusted to end itself. */
  function kill(failure: RunFailure): void {
    page.kill();
    void end(failure);
  }

  /** Ends a sandbox that has broken by itself, with the browser's word on why. */
  async function endBroken(): Promise<void> {
    retire();
    const reason = await Promise.race([page.gone, delay(CRASH_REPORT_MS)]);
    await end(reason === "oom" ? MEMORY_EXCEEDED : CRASHED);
  }

  async function runWith(storage: StorageSession, { tool, request, coldStart }: SandboxCall): Promise<RunResult> {
    const id = randomBytes(16).toString("hex");
    const isSession = isSessionProgram(tool);
    const run: SandboxRun = createSandboxRun({
      timeoutMs: request.timeoutMs,
      isLoadingTimed: runtime === "wasm" || runtime === "component",
      maxOutputBytes: tool.limits.maxOutputBytes,
      coldStart,
      signal: request.signal,
      calls: createHostCalls({
        services: request.services ?? {},
        send: (message, chunk) => send({ type: "host-answer", id, message }, chunk && [chunk]),
        holdClock: () => run.holdClock(),
      }),
      onOutput: request.onOutput && ((stdout, stderr) => request.onOutput?.(stdout, stderr)),
      interrupt: isSession ? () => send({ type: "interrupt", id, graceMs: INTERRUPT_GRACE_MS }) : undefined,
      stop: () => send({ type: "stop", id }),
      abandon: () => kill({ code: "execution_failed", message: "the tool's sandbox stopped answering" }),
    });
    const maxBytes = tool.limits.maxMemoryBytes + storage.copiedBytes;
    runs.set(id, run);
    storages.set(id, storage);
    // A session's instance holds what it has taken, and may go on taking, between its runs.
    if (!isSession || !isWatched) memory.enter(maxBytes);
    isWatched = true;
    try {
      if (closing) run.lose(CRASHED);
      else {
        const input = Buffer.from(request.inputJson ?? JSON.stringify(request.input));
        const { environment } = request;
        const message = {
          type: "run",
          id,
          environment,
          storage: storage.images,
          ...(isSession && { session: true }),
        } as const;
        send(message, [input, ...storage.contents]);
      }
      return await run.result;
    } finally {
      runs.delete(id);
      storages.delete(id);
      if (!isSession) memory.leave(maxBytes);
    }
  }

  channel.on("message", (data: Buffer) => {
    const received = readPageMessage(data);
    if (!received) return kill({ code: "runtime_policy_invalid", message: "the sandbox sent a malformed message" });
    const { message, parts } = received;
    if (message.type === "snapshot") return snapshot?.resolve(parts[0] ?? new Uint8Array(0));
    if (message.type === "boot-failed") {
      return void end({
        code: "isolation_unavailable",
        message: `the ${runtime} runtime did not start: ${message.message}`,
      });
    }
    if (message.type === "changes") return storages.get(message.id)?.receive(message.changes, parts[0] ?? NOTHING);
    // An id that is not under way is a forgery or comes too late: either way it counts for nothing.
    if ("id" in message) runs.get(message.id)?.receive(message, parts);
  });
  channel.on("close", () => void endBroken());
  channel.on("error", () => void endBroken());
  void page.gone.then(endBroken);

  return {
    runtime,
    gone: gone.promise,

    boot: () => send({ type: "keep-ready", instances: 1 }),

    bind(tool, program, readyInstances) {
      const { maxMemoryBytes, maxOutputBytes } = tool.limits;
      if (program.glue !== undefined) addGlue(program.glue);
      send({ type: "bind", program: program.header, limits: { maxMemoryBytes, maxOutputBytes } }, program.parts);
      send({ type: "keep-ready", instances: readyInstances });
    },

    async run(tool, request, coldStart) {
      request.signal?.throwIfAborted();
      const storage = await openStorageSession(tool.grants?.storage ?? []);
      try {
        request.signal?.throwIfAborted();
        const result = await runWith(storage, { tool, request, coldStart });
        return await storage.finish(result, { ...request, limits: tool.limits });
      } finally {
        storage.close();
      }
    },

    reset: () => send({ type: "reset" }),

    makeSnapshot() {
      snapshot = Promise.withResolvers<Uint8Array>();
      const late = setTimeout(() => kill(SNAPSHOT_LATE), SNAPSHOT_TIMEOUT_MS);
      send({ type: "make-snapshot" });
      return snapshot.promise.finally(() => clearTimeout(late));
    },

    close: () => end(closedError()),
  };
}

function isSessionProgram({ program }: RunnableTool): boolean {
  return program.runtime === "python" && program.entry.kind === "session";
}

function closedError(): PocketError {
  return new PocketError("ERR_POCKET_CLOSED", "the invoker was closed before the tool finished", {
    hint: "close the Pocket after its calls",
  });
}

function snapshotError(reason: string): PocketError {
  return new PocketError("ERR_POCKET_BROWSER_START", `the python runtime's snapshot could not be made: ${reason}`, {
    hint: "run `pocket doctor`",
  });
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
