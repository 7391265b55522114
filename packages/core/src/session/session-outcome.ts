/** What came of one run of a session. */
import type { SessionRunResult } from "../invoker.ts";
import type { JsonValue } from "../json.ts";
import type { Denial } from "../run-events.ts";
import type { OutcomeCode, Usage } from "../outcome.ts";
import { adviseOnError } from "./advice.ts";
import { type ReportedError, readSessionReport, type SessionFile } from "./session-report.ts";
import type { SessionCall } from "./session-tools.ts";

export interface SessionError {
  /** `execution_failed` for what the code raised; `timeout`, `memory_exceeded` and the like for limits. */
  readonly code: OutcomeCode;
  readonly message: string;
  /** Of the exception, for example "NameError". */
  readonly type?: string;
  /** As Python prints it, without frames that are not the code's. */
  readonly traceback?: string;
  /** Line of the run's code, from 1. */
  readonly line?: number;
  /** What to do about it. */
  readonly hint?: string;
}

export interface SessionOutcome {
  readonly status: "ok" | "error";
  /** The last expression, where it is JSON and not None. */
  readonly value?: JsonValue;
  /** Its repr, where it is no JSON, or too long. */
  readonly repr?: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly error?: SessionError;
  /** The tools that the code called. */
  readonly calls: readonly SessionCall[];
  /** Files of the workspace that the run made or changed. */
  readonly files: readonly SessionFile[];
  /** Whether the session had to be started anew, before the run or because of it: variables and files of before are gone. */
  readonly restored: boolean;
  readonly usage: Usage;
  /** What the code tried and was refused; absent where nothing was. */
  readonly denials?: readonly Denial[];
}

export interface ShapeSessionOptions {
  readonly calls: readonly SessionCall[];
  readonly durationMs: number;
  /** Whether the instance was lost before the run. */
  readonly wasLost: boolean;
}

/** The outcome of a run, from what an invoker gave back, which is untrusted: a guest wrote it. */
export function shapeSessionOutcome(
  result: SessionRunResult,
  { calls, durationMs, wasLost }: ShapeSessionOptions,
): SessionOutcome {
  const common = {
    stdout: decode(result.stdout),
    stderr: decode(result.stderr),
    calls,
    usage: {
      durationMs,
      coldStart: result.coldStart,
      ...(result.peakMemoryBytes !== undefined && { peakMemoryBytes: result.peakMemoryBytes }),
    },
    ...(result.denials && { denials: result.denials }),
  };
  if (result.kind === "failed") {
    const { code, message } = result;
    return { status: "error", ...common, files: [], restored: true, error: { code, message } };
  }
  const report = readSessionReport(result.value);
  const restored = wasLost;
  if (report === undefined) {
    const error = { code: "runtime_policy_invalid", message: "the session told nothing that can be read" } as const;
    return { status: "error", ...common, files: [], restored, error };
  }
  const { error, files, ...value } = report;
  const failure = result.interrupted ?? (error && toFailure(error));
  if (!failure) return { status: "ok", ...common, ...value, files, restored };
  return {
    status: "error",
    ...common,
    ...value,
    files,
    restored,
    error: { ...failure, ...(error && describe(error)) },
  };
}

function toFailure({ type, message }: ReportedError): { code: OutcomeCode; message: string } {
  const code = type === "MemoryError" ? "memory_exceeded" : "execution_failed";
  return { code, message: message === "" ? type : `${type}: ${message}` };
}

function describe(error: ReportedError): Omit<SessionError, "code" | "message"> {
  const { type, traceback, line } = error;
  const hint = adviseOnError(error);
  return {
    type,
    ...(traceback !== undefined && { traceback }),
    ...(line !== undefined && { line }),
    ...(hint !== undefined && { hint }),
  };
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
