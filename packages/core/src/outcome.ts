/** What came of an invocation: the shape every adapter sees, and the one table of its codes. */
import type { JsonValue } from "./json.ts";
import type { Denial } from "./run-events.ts";

/** Codes of `error` and `denied` outcomes with their reason and whether a retry may help (contract v1's taxonomy). */
export const OUTCOME_CODES = {
  invalid_input: { reason: "tool_invalid_input", retryable: false },
  unsupported_tool: { reason: "tool_unsupported", retryable: false },
  runtime_policy_invalid: { reason: "tool_runtime_policy_invalid", retryable: false },
  isolation_unavailable: { reason: "tool_isolation_unavailable", retryable: false },
  permission_denied: { reason: "tool_permission_denied", retryable: false },
  secret_resolution_failed: { reason: "tool_secret_resolution_failed", retryable: false },
  timeout: { reason: "tool_execution_timeout", retryable: true },
  canceled: { reason: "tool_execution_canceled", retryable: false },
  execution_failed: { reason: "tool_backend_failure", retryable: false },
  fuel_exhausted: { reason: "tool_fuel_exhausted", retryable: false },
  memory_exceeded: { reason: "tool_memory_exceeded", retryable: false },
  output_too_large: { reason: "tool_output_too_large", retryable: false },
  overloaded: { reason: "tool_queue_full", retryable: true },
} as const satisfies Record<string, { reason: string; retryable: boolean }>;

export type OutcomeCode = keyof typeof OUTCOME_CODES;

export interface Usage {
  /** Wall time of the invocation on the host, in milliseconds. */
  durationMs: number;
  /** Whether this invocation had to wait for a browser, a sandbox or an instance to start. */
  coldStart: boolean;
  /** Fuel consumed; wasm only. */
  fuel?: number;
  /** Largest size of the guest's linear memory that was seen, in bytes. */
  peakMemoryBytes?: number;
  /** How often the tool was called; only where it was more than once. */
  attempts?: number;
}

export interface OutcomeError {
  /** One of `OUTCOME_CODES`, or a guest's own code in lower case (contract v1). */
  code: string;
  reason: string;
  /** For the model: what failed and what it can do about it. */
  message: string;
  retryable: boolean;
  details?: Record<string, JsonValue>;
}

export interface OkOutcome {
  status: "ok";
  /** The text a model reads. */
  output: string;
  /** The value where the tool returned one. */
  value?: JsonValue;
  stdout: string;
  stderr: string;
  usage: Usage;
  /** What the tool tried, was refused, and did without; absent where nothing was refused. */
  denials?: readonly Denial[];
}

export interface FailedOutcome {
  status: "error" | "denied";
  error: OutcomeError;
  stdout: string;
  stderr: string;
  usage: Usage;
}

export type Outcome = OkOutcome | FailedOutcome;

/** The `error` of an outcome for a code of the table; `retryable` and `details` override it. */
export function toOutcomeError(
  code: OutcomeCode,
  message: string,
  extra: { retryable?: boolean; details?: Record<string, JsonValue> } = {},
): OutcomeError {
  const { reason, retryable } = OUTCOME_CODES[code];
  return {
    code,
    reason,
    message,
    retryable: extra.retryable ?? retryable,
    ...(extra.details && { details: extra.details }),
  };
}
