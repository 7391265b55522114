/** How often and after what wait a failed call is tried again: how it is written, and the resolved form. */
import { parseDurationMs } from "../limits.ts";

/** Calls of a tool, the first included. */
export const DEFAULT_MAX_ATTEMPTS = 1;
/** Wait before the second attempt, in milliseconds; it doubles with each one. */
export const DEFAULT_BACKOFF_MS = 0;
/** Longest wait between two attempts, in milliseconds. */
export const DEFAULT_MAX_BACKOFF_MS = 30_000;
/** What a tool may ask for by itself; the user may set more. */
const MAX_ASKED_ATTEMPTS = 10;

export const JITTERS = ["none", "full", "equal"] as const;
/** `full` waits a random part of the delay, `equal` at least half of it. */
export type Jitter = (typeof JITTERS)[number];

/** Retries as a user or a manifest writes them. Durations are Go's, such as "250ms". */
export interface Retry {
  maxAttempts?: number;
  backoff?: string;
  maxBackoff?: string;
  jitter?: Jitter;
}

export interface ResolvedRetry {
  readonly maxAttempts: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  readonly jitter: Jitter;
}

/** The retries that hold: what the user set, else what the tool asks, which may not be more than its bounds. */
export function resolveRetry(granted: Retry = {}, asked: Retry = {}): ResolvedRetry {
  const toMs = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : parseDurationMs(text);
  const askedMs = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : Math.min(parseDurationMs(text), DEFAULT_MAX_BACKOFF_MS);
  return {
    maxAttempts: granted.maxAttempts ?? Math.min(asked.maxAttempts ?? DEFAULT_MAX_ATTEMPTS, MAX_ASKED_ATTEMPTS),
    backoffMs: toMs(granted.backoff) ?? askedMs(asked.backoff) ?? DEFAULT_BACKOFF_MS,
    maxBackoffMs: toMs(granted.maxBackoff) ?? askedMs(asked.maxBackoff) ?? DEFAULT_MAX_BACKOFF_MS,
    jitter: granted.jitter ?? asked.jitter ?? "none",
  };
}

/**
 * The wait before another attempt, in milliseconds: `backoff · 2^(attempt - 1)`, bounded, with jitter.
 * @param attempt the one that has failed, from 1
 * @param random from 0 to 1
 */
export function retryDelayMs(retry: ResolvedRetry, attempt: number, random: number): number {
  const delay = Math.min(retry.backoffMs * 2 ** (attempt - 1), retry.maxBackoffMs);
  if (retry.jitter === "full") return delay * random;
  return retry.jitter === "equal" ? delay / 2 + (delay / 2) * random : delay;
}
