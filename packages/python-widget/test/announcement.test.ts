import { expect, test } from "vitest";
import { describeChange } from "../src/announcement.ts";
import { readState } from "../src/read-state.ts";
import { NOTHING_READ, toReading, toUnreachable } from "../src/reading.ts";
import { createSampleState } from "./sample-states.ts";

const NOW = Date.UTC(2026, 10, 21);
const sample = createSampleState(NOW);
const ready = toReading(readState(sample), NOW);

test("describeChange() tells of each change of condition", () => {
  const broken = toReading(readState({ ...sample, state: "error", error: "no memory" }), NOW);
  expect(describeChange(NOTHING_READ, ready)).toBe("Python is ready.");
  expect(describeChange(ready, broken)).toBe("Python cannot run: no memory");
  expect(describeChange(ready, toUnreachable(ready, "no connection"))).toBe(
    "The Python tool is unreachable: no connection",
  );
  expect(describeChange(ready, toReading(readState({ ...sample, state: "initializing" }), NOW))).toBe(
    "Python is starting.",
  );
});

test("describeChange() tells of new failures, with the latest message, cut where it is long", () => {
  const failed = (failures: number, message: string) =>
    toReading(readState({ ...sample, failed: sample.failed + failures, errors: [{ message, at: NOW }] }), NOW);
  expect(describeChange(ready, failed(1, "NameError: x"))).toBe("An execution failed: NameError: x");
  expect(describeChange(ready, failed(3, "y".repeat(1_000)))).toBe(`3 executions failed: ${"y".repeat(160)}…`);
});

test("describeChange() is silent about successes", () => {
  const next = toReading(readState({ ...sample, executions: sample.executions + 1, succeeded: 1248 }), NOW);
  expect(describeChange(ready, next)).toBeUndefined();
});
