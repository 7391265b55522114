import { expect, test } from "vitest";
import type { PythonToolState } from "../../src/python-tool-state.ts";
import { createStatusHandler } from "../../src/server/index.ts";
import { createSampleState } from "../sample-states.ts";

const SAMPLE = createSampleState(0);

function createTool() {
  const listeners = new Set<() => void>();
  let state: PythonToolState = SAMPLE;
  return {
    listeners,
    getState: () => state,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setExecutions(executions: number) {
      state = { ...state, executions };
      for (const listener of listeners) listener();
    },
  };
}

function openStream(tool: ReturnType<typeof createTool>, signal?: AbortSignal) {
  const response = createStatusHandler(tool)(
    new Request("http://localhost/state", {
      headers: { Accept: "text/event-stream" },
      ...(signal && { signal }),
    }),
  );
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) throw new Error("the answer has no body");
  const readExecutions = async (): Promise<number> => {
    const { value = "" } = await reader.read();
    const event: PythonToolState = JSON.parse(/^data: (.*)\n\n$/u.exec(value)?.[1] ?? "null");
    return event.executions;
  };
  return { response, reader, readExecutions };
}

test("createStatusHandler() answers with the state as JSON that nobody keeps", async () => {
  const response = createStatusHandler(createTool())(new Request("http://localhost/state"));
  expect(await response.json()).toEqual(SAMPLE);
  expect(response.headers.get("Cache-Control")).toBe("no-store");
  expect(response.headers.get("Access-Control-Allow-Origin")).toBeNull();
});

test("createStatusHandler() refuses other methods than GET", () => {
  const response = createStatusHandler(createTool())(new Request("http://localhost/state", { method: "POST" }));
  expect([response.status, response.headers.get("Allow")]).toEqual([405, "GET"]);
});

test("createStatusHandler() streams the present state, then the newest one after changes", async () => {
  const [tool, aborting] = [createTool(), new AbortController()];
  const { response, reader, readExecutions } = openStream(tool, aborting.signal);
  expect(response.headers.get("Content-Type")).toBe("text/event-stream");
  expect(await readExecutions()).toBe(SAMPLE.executions);
  for (const executions of [1, 2, 3]) tool.setExecutions(executions);
  expect(await readExecutions()).toBe(3);
  tool.setExecutions(4);
  expect(await readExecutions()).toBe(4);
  await reader.cancel();
  aborting.abort();
  expect(tool.listeners.size).toBe(0);
});

test("createStatusHandler() gives a reader that was slow the newest state, and none of those between", async () => {
  const tool = createTool();
  const { reader, readExecutions } = openStream(tool);
  for (let executions = 0; executions < 8; executions += 1) {
    tool.setExecutions(executions);
    await new Promise((resolve) => setTimeout(resolve, 110));
  }
  let latest = -1;
  let events = 0;
  for (; latest !== 7; events += 1) latest = await readExecutions();
  expect(events).toBeLessThan(6);
  await reader.cancel();
});

test("createStatusHandler() forgets the tool when the request is aborted", async () => {
  const [tool, aborting] = [createTool(), new AbortController()];
  const { readExecutions, reader } = openStream(tool, aborting.signal);
  await readExecutions();
  expect(tool.listeners.size).toBe(1);
  aborting.abort();
  expect(tool.listeners.size).toBe(0);
  expect((await reader.read()).done).toBe(true);
});
