import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callWithRetries } from "../../src/retry/call-with-retries.ts";
import { toDeadLetter } from "../../src/retry/dead-letter.ts";
import { resolveRetry, retryDelayMs } from "../../src/retry/retry.ts";
import { type FailedOutcome, type Outcome, toOutcomeError } from "../../src/outcome.ts";

const usage = { durationMs: 1, coldStart: false };
const failed = (retryable: boolean): FailedOutcome => ({
  status: "error",
  error: toOutcomeError("execution_failed", "down", { retryable }),
  stdout: "",
  stderr: "",
  usage,
});
const OK: Outcome = { status: "ok", output: "up", stdout: "", stderr: "", usage };

/** A call that gives these outcomes, one after the other, and counts. */
function calls(...outcomes: Outcome[]) {
  let count = 0;
  return { call: async () => outcomes[count++] ?? OK, count: () => count };
}

describe("resolveRetry()", () => {
  it("has the contract's defaults when nobody says anything", () => {
    expect(resolveRetry()).toEqual({ maxAttempts: 1, backoffMs: 0, maxBackoffMs: 30_000, jitter: "none" });
  });

  it("takes what the user sets over what the tool asks, and bounds what the tool asks", () => {
    const asked = { maxAttempts: 1_000_000, backoff: "1h", maxBackoff: "2h", jitter: "full" } as const;
    expect(resolveRetry({}, asked)).toEqual({
      maxAttempts: 10,
      backoffMs: 30_000,
      maxBackoffMs: 30_000,
      jitter: "full",
    });
    expect(resolveRetry({ maxAttempts: 20, backoff: "250ms", maxBackoff: "1m", jitter: "equal" }, asked)).toEqual({
      maxAttempts: 20,
      backoffMs: 250,
      maxBackoffMs: 60_000,
      jitter: "equal",
    });
  });
});

describe("retryDelayMs()", () => {
  it("doubles with each attempt up to its bound", () => {
    const retry = resolveRetry({ backoff: "1s", maxBackoff: "5s" });
    expect([1, 2, 3, 4, 2_000].map((attempt) => retryDelayMs(retry, attempt, 0.5))).toEqual([
      1_000, 2_000, 4_000, 5_000, 5_000,
    ]);
  });

  it("stays between nothing and the delay with full jitter, and above its half with equal", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const [none = 0, full = 0, equal = 0] = (["none", "full", "equal"] as const).map((jitter) =>
          retryDelayMs(resolveRetry({ backoff: "10ms", maxBackoff: "2s", jitter }), attempt, random),
        );
        expect(full >= 0 && full <= none).toBe(true);
        expect(equal >= none / 2 && equal <= none).toBe(true);
      }),
    );
  });
});

describe("callWithRetries()", () => {
  it("calls again while the error is retryable, and tells how often", async () => {
    const { call, count } = calls(failed(true), failed(true), OK);
    const { outcome, attempts } = await callWithRetries(call, resolveRetry({ maxAttempts: 5 }));
    expect([outcome.status, attempts, count(), outcome.usage.attempts]).toEqual(["ok", 3, 3, 3]);
    expect(outcome.usage.durationMs).toBeGreaterThanOrEqual(3);
  });

  it("counts what all attempts used", async () => {
    const cold = failed(true);
    const { call } = calls(
      { ...cold, usage: { durationMs: 5, coldStart: true, fuel: 10, peakMemoryBytes: 7 } },
      { ...OK, usage: { durationMs: 6, coldStart: false, fuel: 32, peakMemoryBytes: 3 } },
    );
    const { outcome } = await callWithRetries(call, resolveRetry({ maxAttempts: 2 }));
    expect(outcome.usage).toEqual({ durationMs: 11, coldStart: true, fuel: 42, peakMemoryBytes: 7, attempts: 2 });
  });

  it("calls once when the error is not retryable, and when no attempts are left", async () => {
    const lasting = calls(failed(false));
    expect((await callWithRetries(lasting.call, resolveRetry({ maxAttempts: 5 }))).attempts).toBe(1);
    const spent = calls(failed(true), failed(true), OK);
    const { outcome } = await callWithRetries(spent.call, resolveRetry({ maxAttempts: 2 }));
    expect([outcome.status, spent.count()]).toEqual(["error", 2]);
  });

  it("rejects with the signal's reason when that comes during a wait", async () => {
    const aborting = new AbortController();
    const reason = new Error("the user went away");
    const { call, count } = calls(failed(true), OK);
    const waiting = callWithRetries(call, resolveRetry({ maxAttempts: 2, backoff: "30s" }), aborting.signal);
    setTimeout(() => aborting.abort(reason), 20);
    await expect(waiting).rejects.toBe(reason);
    expect(count()).toBe(1);
  });
});

describe("toDeadLetter()", () => {
  it("keeps the call and its error", () => {
    const letter = toDeadLetter(failed(true), { tool: "weather", input: { city: "Seoul" }, attempts: 3 });
    expect(letter).toMatchObject({ tool: "weather", input: { city: "Seoul" }, attempts: 3, status: "error" });
    expect(Date.parse(letter?.failedAt ?? "")).toBeGreaterThan(0);
  });

  it("keeps nothing of a call that never ran", () => {
    const outcome = { ...failed(false), error: toOutcomeError("invalid_input", "no city") };
    expect(toDeadLetter(outcome, { tool: "weather", input: {}, attempts: 1 })).toBeUndefined();
  });
});
