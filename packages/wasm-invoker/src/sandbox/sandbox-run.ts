/** One run as the host sees it: collects what it writes, watches its clock, and settles exactly once. */
import { isPocketError, type PocketError, type RunResult } from "@toolpocket/core";
import type { FromPage, GuestMeasures } from "@toolpocket/runtime-templates";
import type { HostCalls } from "./host-calls.ts";
import { createRunClock } from "./run-clock.ts";

/** How long a run may wait for its instance. */
export const START_TIMEOUT_MS = 60_000;
/** How long a page may take to stop a run before the whole sandbox is ended. */
export const STOP_GRACE_MS = 1_000;
/** How long a session's program may take to end by itself once it is interrupted. */
export const INTERRUPT_GRACE_MS = 1_000;

export interface SandboxRunOptions {
  timeoutMs: number;
  /** Whether the clock runs from the beginning, because what precedes the run is the work of the tool's own content. */
  isLoadingTimed?: boolean;
  /** Cap of stdout and the value together, and of stderr. The page counts too; this holds where it is not to be trusted. */
  maxOutputBytes: number;
  /** Whether the sandbox itself had to be started for this run. */
  coldStart: boolean;
  /** The calls that the tool makes of its host: they end when the run does, in whatever way. */
  calls: HostCalls;
  /** Asks the page to stop the run. */
  stop(): void;
  /** Ends the sandbox: the page did not do what it was asked. */
  abandon(): void;
  signal?: AbortSignal | undefined;
  /** Told of output that was kept. */
  onOutput?: ((stdout: Uint8Array, stderr: Uint8Array) => void) | undefined;
  /**
   * Asks the page of a session to end the program within INTERRUPT_GRACE_MS, and else to stop the run. With it, deadline and
   * signal interrupt; an aborted run is a result then.
   */
  interrupt?: (() => void) | undefined;
}

export interface SandboxRun {
  readonly result: Promise<RunResult>;
  /** Takes a message of the page that carries this run's id. */
  receive(message: FromPage, parts: readonly Uint8Array[]): void;
  /** Its time does not count until the function that this gives is called. */
  holdClock(): () => void;
  /** Settles the run because its sandbox is gone: with a failure, or by rejecting with an error. */
  lose(failure: RunFailure | PocketError): void;
}

export type RunFailure = Pick<Extract<RunResult, { kind: "failed" }>, "code" | "message"> & { retryable?: boolean };

export function createSandboxRun(options: SandboxRunOptions): SandboxRun {
  const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
  const stdout = createCappedBytes(options.maxOutputBytes);
  const stderr = createCappedBytes(options.maxOutputBytes);
  let started = false;
  let coldStart = options.coldStart;
  let ending: (() => void) | undefined;
  let interrupted: RunFailure | undefined;
  const clock = createRunClock(options.timeoutMs, () => interruptFor(timedOut(options.timeoutMs)));
  let timer = options.isLoadingTimed ? undefined : setTimeout(() => stopFor(notStarted()), START_TIMEOUT_MS);
  if (options.isLoadingTimed) clock.start();

  function stopClocks(): void {
    clock.stop();
    clearTimeout(timer);
  }

  function settle(finish: () => void): void {
    stopClocks();
    options.calls.end();
    options.signal?.removeEventListener("abort", onAbort);
    finish();
  }
  function streams() {
    return { stdout: stdout.join(), stderr: stderr.join(), coldStart };
  }
  function fail(failure: RunFailure, measures: GuestMeasures = {}): void {
    settle(() => resolve({ kind: "failed", ...failure, ...streams(), ...measures }));
  }
  /** False where stdout has become longer than its limit. */
  function keep([out = NOTHING, err = NOTHING]: readonly Uint8Array[]): boolean {
    const keptError = stderr.add(err);
    const kept = stdout.add(out);
    if (kept.length + keptError.length > 0) options.onOutput?.(kept, keptError);
    return kept.length === out.length;
  }
  /** Asks the page to stop; `finish` runs when it has, or when it has not for too long. */
  function stopAnd(finish: () => void): void {
    ending = finish;
    options.calls.end();
    stopClocks();
    timer = setTimeout(() => {
      finish();
      options.abandon();
    }, STOP_GRACE_MS);
    options.stop();
  }
  function stopFor(failure: RunFailure): void {
    stopAnd(() => fail(failure));
  }
  /** Asks the program to end: what it waits for is given up first, so that it comes to see that it is asked. */
  function interruptFor(failure: RunFailure): void {
    if (!options.interrupt) return stopFor(failure);
    if (interrupted || ending) return;
    interrupted = failure;
    options.calls.end();
    stopClocks();
    timer = setTimeout(() => stopFor(failure), INTERRUPT_GRACE_MS + STOP_GRACE_MS);
    options.interrupt();
  }
  function onAbort(): void {
    if (options.interrupt) return interruptFor({ code: "canceled", message: "the run was aborted" });
    stopAnd(() => settle(() => reject(options.signal?.reason)));
  }
  function exit(message: Extract<FromPage, { type: "exited" }>, value?: Uint8Array): void {
    const { exitCode, hasValue } = message;
    if (stdout.length + (value?.length ?? 0) > options.maxOutputBytes) return fail(tooLarge(options.maxOutputBytes));
    settle(() =>
      resolve({
        kind: "exited",
        exitCode,
        ...streams(),
        ...toMeasures(message),
        ...(hasValue && value && { value: Buffer.from(value).toString("utf8") }),
        ...(interrupted && { interrupted }),
      }),
    );
  }

  options.signal?.addEventListener("abort", onAbort, { once: true });

  return {
    result: promise,
    holdClock: clock.hold,
    receive(message, parts) {
      if (message.type === "stopped") return ending ? ending() : interrupted && fail(interrupted);
      if (ending) return;
      switch (message.type) {
        case "started":
          // Once: a page that says it again would put the end off for ever.
          if (started || options.isLoadingTimed) return;
          started = true;
          if (interrupted) return;
          clearTimeout(timer);
          return clock.start();
        case "output":
          return keep(parts) ? undefined : stopFor(tooLarge(options.maxOutputBytes));
        case "host-call":
          return options.calls.receive(message.message, parts[0]) ? undefined : stopFor(BROKE_PROTOCOL);
        case "exited":
          coldStart ||= message.waited;
          return keep(parts) ? exit(message, parts[2]) : fail(tooLarge(options.maxOutputBytes));
        case "failed":
          keep(parts);
          coldStart ||= message.waited;
          return fail(interrupted ?? { code: message.code, message: message.message }, toMeasures(message));
      }
    },
    lose(failure) {
      if (ending) ending();
      else if (isPocketError(failure)) settle(() => reject(failure));
      else fail(failure);
    },
  };
}

function toMeasures({ peakMemoryBytes, fuel }: GuestMeasures): GuestMeasures {
  return { ...(peakMemoryBytes !== undefined && { peakMemoryBytes }), ...(fuel !== undefined && { fuel }) };
}

interface CappedBytes {
  readonly length: number;
  /** Keeps what there is room for, and gives that. */
  add(bytes: Uint8Array): Uint8Array;
  join(): Uint8Array;
}

function createCappedBytes(maxBytes: number): CappedBytes {
  const chunks: Uint8Array[] = [];
  let length = 0;
  return {
    get length() {
      return length;
    },
    add(bytes) {
      const kept = bytes.subarray(0, maxBytes - length);
      if (kept.length > 0) chunks.push(kept);
      length += kept.length;
      return kept;
    },
    join() {
      const [only] = chunks;
      // What came in one piece is not copied: a view of its frame.
      return only !== undefined && chunks.length === 1
        ? Buffer.from(only.buffer, only.byteOffset, only.length)
        : Buffer.concat(chunks);
    },
  };
}

const NOTHING = new Uint8Array(0);

const BROKE_PROTOCOL: RunFailure = {
  code: "runtime_policy_invalid",
  message: "the tool broke the protocol of its calls to the host",
};

function tooLarge(maxOutputBytes: number): RunFailure {
  return { code: "output_too_large", message: `output is longer than ${maxOutputBytes} bytes` };
}

function timedOut(timeoutMs: number): RunFailure {
  return { code: "timeout", message: `the tool did not finish within ${timeoutMs} ms` };
}

function notStarted(): RunFailure {
  return {
    code: "isolation_unavailable",
    message: `no instance became ready within ${START_TIMEOUT_MS} ms`,
    retryable: true,
  };
}
