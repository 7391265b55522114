/** Calls again what failed in a way that may pass. */
import { setTimeout as wait } from "node:timers/promises";
import type { Outcome } from "../outcome.ts";
import { type ResolvedRetry, retryDelayMs } from "./retry.ts";

export interface Attempted {
  /** Of the last attempt; its duration counts all attempts and the waits between them. */
  readonly outcome: Outcome;
  readonly attempts: number;
}

/**
 * The outcome of `call`, which is called again while its error is retryable and attempts are left.
 * @throws The signal's reason, also during a wait; what `call` throws.
 */
export async function callWithRetries(
  call: () => Promise<Outcome>,
  retry: ResolvedRetry,
  signal?: AbortSignal,
): Promise<Attempted> {
  let spentMs = 0;
  for (let attempts = 1; ; attempts += 1) {
    const outcome = await call();
    spentMs += outcome.usage.durationMs;
    if (outcome.status === "ok" || !outcome.error.retryable || attempts >= retry.maxAttempts) {
      return { outcome: attempts === 1 ? outcome : withAttempts(outcome, attempts, spentMs), attempts };
    }
    const delayMs = retryDelayMs(retry, attempts, Math.random());
    await waitAbortable(delayMs, signal);
    spentMs += delayMs;
  }
}

function withAttempts(outcome: Outcome, attempts: number, durationMs: number): Outcome {
  return { ...outcome, usage: { ...outcome.usage, durationMs, attempts } };
}

async function waitAbortable(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await wait(delayMs, undefined, signal && { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
