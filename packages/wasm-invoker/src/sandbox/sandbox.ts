/** A sandbox: one page in Chromium on an origin of its own, bound to one tool for as long as it lives. */
import { randomBytes } from "node:crypto";
import type { RunnableTool, RunRequest, RunResult } from "@toolpocket/core";
import { encodeFrame, type GuestRuntimeName, type ToPage } from "@toolpocket/runtime-templates";
import type { WebSocket } from "ws";
import type { BrowserPage } from "../browser/launch-browser.ts";
import { watchMemory } from "../memory/memory-watch.ts";
import type { PackedProgram } from "../program/pack-program.ts";
import { readPageMessage } from "./read-page-message.ts";
import { createSandboxRun, type RunFailure, type SandboxRun } from "./sandbox-run.ts";

export interface Sandbox {
  readonly runtime: GuestRuntimeName;
  /** Runs that have not ended. */
  readonly activeRuns: number;
  /** Settles when the sandbox is gone, by `close()` or by a crash. */
  readonly gone: Promise<void>;
  /** Gives the sandbox to `tool` for good, and keeps `readyInstances` waiting. */
  bind(tool: RunnableTool, program: PackedProgram, readyInstances: number): void;
  run(tool: RunnableTool, request: RunRequest, coldStart: boolean): Promise<RunResult>;
  makeSnapshot(): Promise<Uint8Array>;
  close(): Promise<void>;
}

const CRASHED: RunFailure = { code: "execution_failed", message: "the tool's sandbox crashed" };
const CLOSED: RunFailure = { code: "canceled", message: "the sandbox was closed before the tool finished" };

export interface SandboxOptions {
  runtime: GuestRuntimeName;
  page: BrowserPage;
  channel: WebSocket;
  /** Called when the sandbox is gone: takes its site down. */
  release(): void;
}

/** Takes over a page whose channel is open. */
export function createSandbox({ runtime, page, channel, release }: SandboxOptions): Sandbox {
  const runs = new Map<string, SandboxRun>();
  const gone = Promise.withResolvers<void>();
  let snapshot: PromiseWithResolvers<Uint8Array> | undefined;
  let over = false;

  const memory = watchMemory(page.processId, () => kill({ code: "memory_exceeded", message: "the tool used more memory than its limit" }));
  const send = (message: ToPage, parts?: readonly Uint8Array[]): void => channel.send(encodeFrame(message, parts));

  function end(failure: RunFailure): Promise<void> {
    if (over) return gone.promise;
    over = true;
    memory.close();
    channel.terminate();
    release();
    for (const run of [...runs.values()]) run.lose(failure);
    snapshot?.reject(new Error(failure.message));
    void page.close().then(() => gone.resolve());
    return gone.promise;
  }

  /** Ends a sandbox that can no longer be trusted to end itself. */
  function kill(failure: RunFailure): void {
    page.kill();
    void end(failure);
  }

  channel.on("message", (data: Buffer) => {
    const received = readPageMessage(data);
    if (!received) return kill({ code: "runtime_policy_invalid", message: "the sandbox sent a malformed message" });
    const { message, parts } = received;
    if (message.type === "snapshot") return snapshot?.resolve(parts[0] ?? new Uint8Array(0));
    if (message.type === "boot-failed") {
      return void end({ code: "isolation_unavailable", message: `the ${runtime} runtime did not start: ${message.message}` });
    }
    // An id that is not under way is a forgery or comes too late: either way it counts for nothing.
    if ("id" in message) runs.get(message.id)?.receive(message, parts);
  });
  channel.on("close", () => void end(CRASHED));
  channel.on("error", () => void end(CRASHED));
  void page.gone.then(() => end(CRASHED));

  return {
    runtime,
    get activeRuns() {
      return runs.size;
    },
    gone: gone.promise,

    bind(tool, program, readyInstances) {
      const { maxMemoryBytes, maxOutputBytes } = tool.limits;
      send({ type: "bind", program: program.header, limits: { maxMemoryBytes, maxOutputBytes } }, program.parts);
      send({ type: "keep-ready", instances: readyInstances });
    },

    async run(tool, request, coldStart) {
      request.signal?.throwIfAborted();
      const id = randomBytes(16).toString("hex");
      const run = createSandboxRun({
        timeoutMs: request.timeoutMs,
        coldStart,
        signal: request.signal,
        stop: () => send({ type: "stop", id }),
        abandon: () => kill({ code: "execution_failed", message: "the tool's sandbox stopped answering" }),
      });
      runs.set(id, run);
      memory.enter(tool.limits.maxMemoryBytes);
      try {
        if (over) run.lose(CRASHED);
        else send({ type: "run", id, environment: request.environment }, [Buffer.from(JSON.stringify(request.input))]);
        return await run.result;
      } finally {
        runs.delete(id);
        memory.leave(tool.limits.maxMemoryBytes);
      }
    },

    makeSnapshot() {
      snapshot = Promise.withResolvers<Uint8Array>();
      snapshot.promise.catch(() => undefined);
      send({ type: "make-snapshot" });
      return snapshot.promise;
    },

    close: () => end(CLOSED),
  };
}
