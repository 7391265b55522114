/** The port through which a Pocket runs programs. `@toolpocket/wasm-invoker` implements it with Chromium. */
import type { JsonValue } from "./json.ts";
import type { ResolvedGrants } from "./grants.ts";
import type { HostService } from "./host-service.ts";
import type { ResolvedLimits } from "./limits.ts";
import type { OutcomeCode } from "./outcome.ts";
import type { Program } from "./program.ts";
import type { Denial, RunEvent } from "./run-events.ts";
import type { BoundSecret } from "./secrets/bound-secret.ts";

/** A tool that is bound: verified content, resolved limits. */
export interface RunnableTool {
  /** Identity of the sandbox: differs when the name, content, limits or grants differ. */
  readonly id: string;
  readonly name: string;
  readonly program: Program;
  readonly limits: ResolvedLimits;
  /** What the user gave it; without it nothing. */
  readonly grants?: ResolvedGrants;
}

export interface RunRequest {
  readonly input: JsonValue;
  /** `input` as JSON text, where the caller has it: a large input is not made into text twice. */
  readonly inputJson?: string;
  /** The guest's environment variables: values travel as data and arrive unchanged. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * How long the tool may run, in milliseconds: its clock starts when its instance does. Waiting for a turn and starting an
   * instance have bounds of the invoker's own.
   */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** The secrets whose placeholders stand in the environment of this run. */
  readonly secrets?: readonly BoundSecret[];
  /** What the guest may call on the host by name, beside `fetch` and `storage`, which the invoker provides by the grants. */
  readonly services?: Readonly<Record<string, HostService>>;
  /** Told of each request and denial, as they happen. Never throws. */
  onEvent?(event: RunEvent): void;
  /** Told of what the guest writes, as it comes, within the limit. Never throws. */
  onOutput?(stdout: Uint8Array, stderr: Uint8Array): void;
}

/** Streams are bytes, cut at the output limit. */
export interface RunStreams {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

export interface RunMeasures {
  readonly coldStart: boolean;
  readonly peakMemoryBytes?: number;
  /** Fuel consumed; wasm only. */
  readonly fuel?: number;
  /** What the guest tried and was refused, in order, each once. */
  readonly denials?: readonly Denial[];
}

export type RunResult = RunStreams &
  RunMeasures &
  (
    | {
        readonly kind: "exited";
        readonly exitCode: number;
        /** JSON text of the returned value; only where the entry is a function, or a session's. */
        readonly value?: string;
        /** Why it was asked to end before its end; only in a session, which lives on. */
        readonly interrupted?: { readonly code: OutcomeCode; readonly message: string };
      }
    | { readonly kind: "failed"; readonly code: OutcomeCode; readonly message: string; readonly retryable?: boolean }
  );

/** How busy an invoker is at this moment. */
export interface InvokerStats {
  /** Live sandboxes, spare ones included. */
  readonly sandboxes: number;
  readonly running: number;
  /** Runs that wait for their turn. */
  readonly waiting: number;
}

/** An instance that lives from run to run, in a sandbox of its own. */
export interface InvokerSession {
  /**
   * Runs in the session's instance, one run at a time. At its deadline, or when its signal fires, the program is interrupted:
   * where that ends it, the result is `exited` with `interrupted`, and the instance lives on. Where the result is `failed` the
   * instance is gone, and the next run begins in a fresh one.
   * @throws PocketError when there is nothing to run it in.
   */
  run(request: RunRequest): Promise<SessionRunResult>;
  /** Destroys the instance. */
  reset(): void;
  /** Frees its place and its sandbox. Idempotent. */
  close(): Promise<void>;
}

export type SessionRunResult = RunResult & {
  /** Whether the run began in a fresh instance. */
  readonly isFresh: boolean;
};

export interface Invoker {
  /**
   * Runs one invocation in a fresh instance. What the tool causes is a result, never an error.
   * @throws PocketError when there is nothing to run it in (no browser, closed); the signal's reason when aborted.
   */
  run(tool: RunnableTool, request: RunRequest): Promise<RunResult>;
  /** Starts making ready what the tool's first run will need; returns at once, and never throws. */
  warm(tool: RunnableTool): void;
  stats?(): InvokerStats;
  /**
   * Takes a place for a session; its instance begins with its first run. Absent where the invoker has no sessions.
   * @throws PocketError ERR_POCKET_SESSION_LIMIT when as many are open as may be
   */
  openSession?(tool: RunnableTool): InvokerSession;
  /** Ends all runs and frees every process, port and file. Idempotent. */
  close(): Promise<void>;
}
