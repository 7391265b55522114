/** Calls that wait for somebody's word before they are made. */
import { randomUUID } from "node:crypto";
import { HostCallError } from "../host-service.ts";
import type { JsonValue } from "../json.ts";

/** How long a call waits for approval, in milliseconds. */
export const DEFAULT_APPROVAL_TIMEOUT_MS = 300_000;

/** A call that code wants to make. */
export interface WantedCall {
  readonly tool: string;
  readonly input: JsonValue;
}

/** A call that waits. The first word counts; after that, and once `signal` has fired, more do nothing. */
export interface PendingCall extends WantedCall {
  readonly id: string;
  readonly expiresAt: Date;
  /** Fires when nobody waits any more: the call was decided, has expired, or its run has ended. */
  readonly signal: AbortSignal;
  approve(): void;
  /** @param reason told to the code */
  reject(reason?: string): void;
}

export interface ApprovalOptions {
  /** Which calls wait for approval: tools by name, or a test of each call. What it throws refuses the call. */
  needsApproval?: readonly string[] | ((call: WantedCall) => boolean | Promise<boolean>);
  /** Told of each call that waits. What it throws refuses the call. Required with `needsApproval`. */
  onApproval?: (pending: PendingCall) => unknown;
  /** How long a call waits, in milliseconds; then it is refused. @defaultValue 300000 */
  approvalTimeoutMs?: number;
}

/**
 * Resolves when the call may be made.
 * @throws HostCallError "approval_rejected", "approval_expired"
 */
export type Approval = (call: WantedCall, context: ApprovalContext) => Promise<void>;

export interface ApprovalContext {
  /** Fires when the run has ended. */
  readonly signal: AbortSignal;
  /** The run's time does not count until the function that this gives is called. */
  readonly holdClock?: () => () => void;
}

/** @throws TypeError when calls need approval and nobody is told; RangeError when `approvalTimeoutMs` is not above zero */
export function createApproval({
  needsApproval,
  onApproval,
  approvalTimeoutMs = DEFAULT_APPROVAL_TIMEOUT_MS,
}: ApprovalOptions): Approval {
  if (!(approvalTimeoutMs > 0 && Number.isFinite(approvalTimeoutMs))) {
    throw new RangeError(`approvalTimeoutMs is ${approvalTimeoutMs}, not a number of milliseconds above zero`);
  }
  if (needsApproval === undefined) return async () => undefined;
  if (onApproval === undefined) throw new TypeError("needsApproval without onApproval: nobody would be asked");
  const isNeeded = typeof needsApproval === "function" ? needsApproval : named(needsApproval);
  return async (call, context) => {
    const release = context.holdClock?.();
    try {
      if (await isNeeded(call)) await ask(call, { ...context, onApproval, timeoutMs: approvalTimeoutMs });
    } finally {
      release?.();
    }
  };
}

function named(tools: readonly string[]): (call: WantedCall) => boolean {
  const names = new Set(tools);
  return ({ tool }) => names.has(tool);
}

interface AskOptions extends ApprovalContext {
  readonly onApproval: (pending: PendingCall) => unknown;
  readonly timeoutMs: number;
}

async function ask(call: WantedCall, { signal, onApproval, timeoutMs }: AskOptions): Promise<void> {
  const decision = Promise.withResolvers<void>();
  const over = new AbortController();
  const refuse = (code: string, message: string): void => decision.reject(new HostCallError(code, message));
  const expire = (): void => refuse("approval_expired", `nobody approved the call of "${call.tool}" in time`);
  const timer = setTimeout(expire, timeoutMs);
  const onAbort = (): void => decision.reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const told = onApproval({
      ...call,
      id: randomUUID(),
      expiresAt: new Date(Date.now() + timeoutMs),
      signal: over.signal,
      approve: () => decision.resolve(),
      reject: (reason) =>
        refuse("approval_rejected", `the call of "${call.tool}" was rejected${reason ? `: ${reason}` : ""}`),
    });
    Promise.resolve(told).catch((error: unknown) => decision.reject(error));
    await decision.promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    over.abort();
  }
}
