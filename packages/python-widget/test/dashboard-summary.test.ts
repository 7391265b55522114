import { expect, test } from "vitest";
import { summarize } from "../src/dashboard-summary.ts";
import { readState } from "../src/read-state.ts";
import { NOTHING_READ, toReading, toUnreachable } from "../src/reading.ts";
import { createSampleState } from "./sample-states.ts";

const NOW = Date.UTC(2026, 10, 21);
const sample = createSampleState(NOW);
const ready = toReading(readState(sample), NOW);

test.each([
  ["warning", "0 executions", "Initializing", NOTHING_READ],
  ["active", "1,284 executions", "Ready", ready],
  ["idle", "0 executions", "Ready", toReading(readState({ ...sample, executions: 0 }), NOW)],
  ["active", "1 execution", "Ready", toReading(readState({ ...sample, executions: 1 }), NOW)],
  ["error", "1,284 executions", "Error", toReading(readState({ ...sample, state: "error" }), NOW)],
  ["warning", "1,284 executions", "Unreachable", toUnreachable(ready, "no connection")],
] as const)(
  "summarize() gives “%s”, “%s”, “%s” when the tool is so",
  (state, primaryMetric, secondaryMetric, reading) => {
    expect(summarize(reading)).toEqual({
      state,
      primaryMetric,
      secondaryMetric,
      lastActivity: reading.state?.lastActivity,
    });
  },
);
