/** Calls again what failed in a way that may pass. */
import { setTimeout as wait } from "node:timers/promises";
import type { Outcome, Usage } from "../outcome.ts";
import { type ResolvedRetry, retryDelayMs } from "./retry.ts";

export interface Attempted {
  /** Of the last attempt; its usage is that of all attempts, and its duration counts the waits between them too. */
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
  let usage: Usage | undefined;
  for (let attempts = 1; ; attempts += 1) {
    const outcome = await call();
    usage = usage === undefined ? outcome.usage : addUsage(usage, outcome.usage);
    if (outcome.status === "ok" || !outcome.error.retryable || attempts >= retry.maxAttempts) {
      return { outcome: attempts === 1 ? outcome : { ...outcome, usage: { ...usage, attempts } }, attempts };
    }
    const delayMs = retryDelayMs(retry, attempts, Math.random());
    await waitAbortable(delayMs, signal);
    usage = { ...usage, durationMs: usage.durationMs + delayMs };
  }
}

function addUsage(before: Usage, last: Usage): Usage {
  const fuel = (before.fuel ?? 0) + (last.fuel ?? 0);
  const peakMemoryBytes = Math.max(before.peakMemoryBytes ?? 0, last.peakMemoryBytes ?? 0);
  return {
    ...last,
    durationMs: before.durationMs + last.durationMs,
    coldStart: before.coldStart || last.coldStart,
    ...(fuel > 0 && { fuel }),
    ...(peakMemoryBytes > 0 && { peakMemoryBytes }),
  };
}

async function waitAbortable(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await wait(delayMs, undefined, signal && { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
