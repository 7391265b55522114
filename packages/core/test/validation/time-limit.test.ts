import { describe, expect, it } from "vitest";
import { runWithinTime, TimeLimitError } from "../../src/validation/time-limit.ts";

describe("runWithinTime()", () => {
  it("returns what the work returns, undefined too", () => {
    expect(runWithinTime(1_000, () => ({ a: 1 }))).toEqual({ a: 1 });
    expect(runWithinTime(1_000, () => undefined)).toBeUndefined();
  });

  it("throws what the work throws", () => {
    const error = new RangeError("mine");
    expect(() =>
      runWithinTime(1_000, () => {
        throw error;
      }),
    ).toThrow(error);
  });

  it("stops a regular expression in its middle, and works again after that", () => {
    const started = performance.now();
    expect(() => runWithinTime(50, () => /^(a+)+$/u.test(`${"a".repeat(40)}!`))).toThrow(TimeLimitError);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(runWithinTime(1_000, () => 1)).toBe(1);
  });

  it("stops a loop", () => {
    expect(() =>
      runWithinTime(50, () => {
        for (;;);
      }),
    ).toThrow(TimeLimitError);
  });

  it("may be called inside of itself", () => {
    expect(runWithinTime(1_000, () => runWithinTime(1_000, () => 1) + 1)).toBe(2);
  });
});
