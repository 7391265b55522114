/** One run as the host sees it: collects what it writes, watches its clock, and settles exactly once. */
import type { RunResult } from "@toolpocket/core";
import type { FromPage } from "@toolpocket/runtime-templates";

/** How long a run may wait for its instance. */
export const START_TIMEOUT_MS = 60_000;
/** How long a page may take to stop a run before the whole sandbox is ended. */
export const STOP_GRACE_MS = 1_000;

export interface SandboxRunOptions {
  timeoutMs: number;
  /** Whether the sandbox itself had to be started for this run. */
  coldStart: boolean;
  /** Asks the page to stop the run. */
  stop(): void;
  /** Ends the sandbox: the page did not do what it was asked. */
  abandon(): void;
  signal?: AbortSignal | undefined;
}

export interface SandboxRun {
  readonly result: Promise<RunResult>;
  /** Takes a message of the page that carries this run's id. */
  receive(message: FromPage, parts: readonly Uint8Array[]): void;
  /** Settles the run because its sandbox is gone. */
  lose(failure: RunFailure): void;
}

export type RunFailure = Pick<Extract<RunResult, { kind: "failed" }>, "code" | "message"> & { retryable?: boolean };

export function createSandboxRun(options: SandboxRunOptions): SandboxRun {
  const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
  const stdout: Uint8Array[] = [];
  const stderr: Uint8Array[] = [];
  let coldStart = options.coldStart;
  let ending: (() => void) | undefined;
  let timer = setTimeout(() => stopFor(notStarted()), START_TIMEOUT_MS);

  function settle(finish: () => void): void {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", onAbort);
    finish();
  }
  function streams() {
    return { stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr), coldStart };
  }
  function fail(failure: RunFailure): void {
    settle(() => resolve({ kind: "failed", ...failure, ...streams() }));
  }
  function keep(parts: readonly Uint8Array[]): void {
    if (parts[0]?.length) stdout.push(parts[0]);
    if (parts[1]?.length) stderr.push(parts[1]);
  }
  /** Asks the page to stop; `finish` runs when it has, or when it has not for too long. */
  function stopAnd(finish: () => void): void {
    ending = finish;
    clearTimeout(timer);
    timer = setTimeout(() => {
      finish();
      options.abandon();
    }, STOP_GRACE_MS);
    options.stop();
  }
  function stopFor(failure: RunFailure): void {
    stopAnd(() => fail(failure));
  }
  function onAbort(): void {
    stopAnd(() => settle(() => reject(options.signal?.reason)));
  }
  function exit({ exitCode, hasValue, peakMemoryBytes }: Extract<FromPage, { type: "exited" }>, value?: Uint8Array): void {
    settle(() =>
      resolve({
        kind: "exited",
        exitCode,
        ...streams(),
        ...(peakMemoryBytes !== undefined && { peakMemoryBytes }),
        ...(hasValue && value && { value: Buffer.from(value).toString("utf8") }),
      }),
    );
  }

  options.signal?.addEventListener("abort", onAbort, { once: true });

  return {
    result: promise,
    receive(message, parts) {
      if (message.type === "stopped") return ending?.();
      if (ending) return;
      switch (message.type) {
        case "started":
          clearTimeout(timer);
          timer = setTimeout(() => stopFor(timedOut(options.timeoutMs)), options.timeoutMs);
          return;
        case "output":
          return keep(parts);
        case "exited":
          keep(parts);
          coldStart ||= message.waited;
          return exit(message, parts[2]);
        case "failed":
          keep(parts);
          coldStart ||= message.waited;
          return fail({ code: message.code, message: message.message });
      }
    },
    lose: (failure) => (ending ? ending() : fail(failure)),
  };
}

function timedOut(timeoutMs: number): RunFailure {
  return { code: "timeout", message: `the tool did not finish within ${timeoutMs} ms` };
}

function notStarted(): RunFailure {
  return { code: "isolation_unavailable", message: `no instance became ready within ${START_TIMEOUT_MS} ms`, retryable: true };
}
