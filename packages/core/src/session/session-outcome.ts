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
  readonly timeoutMs: number;
}

/** The outcome of a run, from what an invoker gave back, which is untrusted: a guest wrote it. */
export function shapeSessionOutcome(
  result: SessionRunResult,
  { calls, durationMs, wasLost, timeoutMs }: ShapeSessionOptions,
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
    const error = limitError(result, { timeoutMs, isLost: true });
    return { status: "error", ...common, files: [], restored: true, error };
  }
  const report = readSessionReport(result.value);
  const restored = wasLost;
  if (report === undefined) {
    const error = { code: "runtime_policy_invalid", message: "the session told nothing that can be read" } as const;
    return { status: "error", ...common, files: [], restored, error };
  }
  const { error, files, ...value } = report;
  const interrupted = result.interrupted && limitError(result.interrupted, { timeoutMs, isLost: false });
  const failure = interrupted ?? (error && toFailure(error));
  if (!failure) return { status: "ok", ...common, ...value, files, restored };
  return {
    status: "error",
    ...common,
    ...value,
    files,
    restored,
    error: { ...(error && describe(error)), ...failure },
  };
}

/** What ended the code from outside: in words for whoever wrote it. */
function limitError(
  { code, message }: Pick<SessionError, "code" | "message">,
  { timeoutMs, isLost }: { timeoutMs: number; isLost: boolean },
): Pick<SessionError, "code" | "message" | "hint"> {
  const gone = isLost ? "; variables and files of earlier runs are gone: make them again" : "";
  switch (code) {
    case "timeout":
      return {
        code,
        message: `the code did not finish within ${timeoutMs} ms`,
        hint: `do less in one run, or give it more time${gone}`,
      };
    case "memory_exceeded":
      return { code, message: "the code used more memory than its limit", hint: `work on less at a time${gone}` };
    default:
      return {
        code,
        message: message.replace(/^the tool\b/u, "the session"),
        ...(isLost && { hint: `send other code${gone}` }),
      };
  }
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
