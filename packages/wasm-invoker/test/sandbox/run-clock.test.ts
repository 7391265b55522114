/** The clock of a run: what counts, and what is held. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createRunClock } from "../../src/sandbox/run-clock.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("createRunClock() tells once when its time is used up", () => {
  const onLate = vi.fn<() => void>();
  const clock = createRunClock(1_000, onLate);
  vi.advanceTimersByTime(5_000);
  clock.start();
  vi.advanceTimersByTime(999);
  expect(onLate).not.toHaveBeenCalled();
  vi.advanceTimersByTime(5_000);
  expect(onLate).toHaveBeenCalledOnce();
});

test("hold() keeps time from counting until every hold is over; a second release does nothing", () => {
  const onLate = vi.fn<() => void>();
  const clock = createRunClock(1_000, onLate);
  clock.start();
  vi.advanceTimersByTime(600);
  const [first, second] = [clock.hold(), clock.hold()];
  vi.advanceTimersByTime(60_000);
  first();
  first();
  vi.advanceTimersByTime(60_000);
  expect(onLate).not.toHaveBeenCalled();
  second();
  vi.advanceTimersByTime(399);
  expect(onLate).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2);
  expect(onLate).toHaveBeenCalledOnce();
});

test("stop() ends it also when a hold is released later", () => {
  const onLate = vi.fn<() => void>();
  const clock = createRunClock(1_000, onLate);
  clock.start();
  const release = clock.hold();
  clock.stop();
  release();
  vi.advanceTimersByTime(60_000);
  expect(onLate).not.toHaveBeenCalled();
});
