import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { PythonToolState } from "../src/python-tool-state.ts";
import { watchTool } from "../src/watch-tool.ts";
import { createSampleState } from "./sample-states.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function createTool(): {
  state: PythonToolState;
  listeners: Set<() => void>;
  getState(): PythonToolState;
  subscribe(listener: () => void): () => void;
} {
  return {
    state: createSampleState(0),
    listeners: new Set(),
    getState() {
      return this.state;
    },
    subscribe(listener) {
      this.listeners.add(listener);
      return () => this.listeners.delete(listener);
    },
  };
}

function createSink() {
  const executions: number[] = [];
  const reasons: string[] = [];
  return {
    executions,
    reasons,
    onState: (state: { executions: number }) => void executions.push(state.executions),
    onUnreachable: (reason: string) => void reasons.push(reason),
  };
}

test("watchTool() reports the state at once, after a change, and once for many changes of one turn", async () => {
  const [tool, sink] = [createTool(), createSink()];
  const watch = watchTool(tool, sink, { refreshMs: 0 });
  for (const executions of [1, 2, 3]) {
    tool.state = { ...tool.state, executions };
    for (const listener of tool.listeners) listener();
  }
  await Promise.resolve();
  expect(sink.executions).toEqual([1284, 3]);
  watch.stop();
});

test("watchTool() looks at the interval when the tool tells of nothing, and never after stop()", async () => {
  const [tool, sink] = [createTool(), createSink()];
  const watch = watchTool(tool, sink, { refreshMs: 2_000 });
  tool.state = { ...tool.state, executions: 7 };
  vi.advanceTimersByTime(2_000);
  for (const listener of tool.listeners) listener();
  watch.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sink.executions).toEqual([1284, 7]);
  expect(tool.listeners.size).toBe(0);
});

test("watchTool() reports a tool that throws, or gives no state, as unreachable", () => {
  const [tool, sink] = [createTool(), createSink()];
  const watch = watchTool(
    {
      ...tool,
      getState: () => {
        throw new Error("the session is closed");
      },
    },
    sink,
    { refreshMs: 0 },
  );
  watch.stop();
  watchTool({ ...tool, getState: () => ({ ...createSampleState(0), executions: -1 }) }, sink, { refreshMs: 0 }).stop();
  expect(sink.reasons).toEqual(["the session is closed", "executions is no number from 0 up"]);
});
