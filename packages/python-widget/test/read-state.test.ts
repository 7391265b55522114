import fc from "fast-check";
import { expect, test } from "vitest";
import type { PythonToolState } from "../src/python-tool-state.ts";
import { MAX_LIST_LENGTH, MAX_TEXT_LENGTH, readState } from "../src/read-state.ts";
import { createHostileState, createSampleState } from "./sample-states.ts";

const NOW = Date.UTC(2026, 10, 21);

const text = fc.string({ unit: "binary", maxLength: 20 });
const time = fc.date({ noInvalidDate: true }).map((date) => date.getTime());
const count = fc.nat();
const validState: fc.Arbitrary<PythonToolState> = fc.record(
  {
    state: fc.constantFrom("initializing", "ready", "error"),
    error: text,
    executions: count,
    succeeded: count,
    failed: count,
    averageMs: fc.double({ min: 0, noDefaultInfinity: true, noNaN: true }),
    errors: fc.array(fc.record({ message: text, at: time })),
    tools: fc.array(fc.record({ name: text, description: text })),
    packages: fc.array(fc.record({ name: text, version: text })),
    lastActivity: time,
  },
  { requiredKeys: ["state", "executions", "succeeded", "failed", "averageMs", "errors", "tools", "packages"] },
);

test("readState() keeps every figure, and every entry of every list, of any state", () => {
  fc.assert(
    fc.property(validState, (state) => {
      const read = readState(JSON.parse(JSON.stringify(state)));
      const { executions, succeeded, failed, lastActivity } = read;
      expect({ executions, succeeded, failed, lastActivity }).toEqual({
        executions: state.executions,
        succeeded: state.succeeded,
        failed: state.failed,
        lastActivity: state.lastActivity,
      });
      expect(read.tools.shown.map(({ name }) => name)).toEqual(state.tools.map(({ name }) => name.toWellFormed()));
      expect(read.packages.total).toBe(state.packages.length);
      expect(read.errors.shown.map(({ at }) => at)).toEqual(
        state.errors.map(({ at }) => at).toSorted((a, b) => Number(b) - Number(a)),
      );
    }),
  );
});

test("readState() gives a state or throws a TypeError, whatever it is given", () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(() => readState(value)).toThrow(TypeError);
    }),
  );
});

test.each<[string, Record<string, unknown>]>([
  ["state is none of initializing, ready, error", { state: "READY" }],
  ["executions is no number from 0 up", { executions: "12" }],
  ["failed is no number from 0 up", { failed: -1 }],
  ["averageMs is no number from 0 up", { averageMs: Number.NaN }],
  ["errors is no list", { errors: null }],
  ["errors[0].at is neither milliseconds since 1970 nor a time in ISO 8601", { errors: [{ message: "", at: "soon" }] }],
  ["tools[0] is no object", { tools: ["execute_python"] }],
  ["packages[0].version is no text", { packages: [{ name: "numpy" }] }],
  ["lastActivity is neither milliseconds since 1970 nor a time in ISO 8601", { lastActivity: 9e15 }],
])("readState() throws “%s” when it is so", (message, fault) => {
  expect(() => readState({ ...createSampleState(NOW), ...fault })).toThrow(new TypeError(message));
});

test("readState() takes times in ISO 8601, and null for what there is not", () => {
  const state = readState({ ...createSampleState(NOW), lastActivity: "2026-11-21T00:00:00Z", error: null });
  expect(state).toMatchObject({ lastActivity: NOW, error: undefined });
});

test("readState() cuts long texts and long lists, and tells how many entries there were", () => {
  const { packages, errors } = readState({
    ...createHostileState(NOW),
    packages: Array.from({ length: MAX_LIST_LENGTH + 7 }, () => ({ name: "numpy", version: "2.4.1" })),
  });
  expect(packages.shown).toHaveLength(MAX_LIST_LENGTH);
  expect(packages.total).toBe(MAX_LIST_LENGTH + 7);
  expect(Math.max(...errors.shown.map(({ message }) => message.length))).toBe(MAX_TEXT_LENGTH + 1);
  expect(errors.shown.every(({ message }) => message.isWellFormed())).toBe(true);
});
