/** The metrics of a Pocket: every execution counted once, under its names. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeInvoker } from "@toolpocket/test-kit/fake-invoker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPocketMetrics, fromFunction, Pocket } from "../../src/index.ts";

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "pocket-metrics-"));
});
afterAll(() => rm(cwd, { recursive: true }));

const add = fromFunction({
  name: "add",
  description: "Adds.",
  inputSchema: { type: "object", properties: { a: { type: "number" } }, required: ["a"] },
  run: ({ a }: { a: number }) => {
    if (a < 0) throw new Error("too small");
    return a + 1;
  },
});

describe("pocket.metrics()", () => {
  it("metrics() counts each execution once, by tool, runtime and status, also what was before the first look", async () => {
    await using pocket = new Pocket({ cwd, tools: [add], invoker: createFakeInvoker() });
    await pocket.invoke("add", { a: 1 });
    await pocket.invoke("add", { a: "x" });
    expect(await pocket.metrics()).toContain(
      'pocket_tool_execution_duration_seconds_count{tool="add",runtime="function",status="ok"} 1',
    );
    await pocket.invoke("add", { a: -1 });
    const text = await pocket.metrics();
    expect(text).toContain(
      'pocket_tool_execution_duration_seconds_count{tool="add",runtime="function",status="error"} 2',
    );
    expect(text).toContain("pocket_sandboxes 0");
    expect(text).not.toContain("orloj_");
  });

  it("metrics() goes on over several Pockets, and has Orloj's names where they are wanted", async () => {
    const metrics = createPocketMetrics({ orlojNames: true });
    for (const a of [1, 2]) {
      await using pocket = new Pocket({ cwd, tools: [add], metrics, invoker: createFakeInvoker() });
      await pocket.invoke("add", { a });
    }
    expect(await metrics.render()).toContain(
      'orloj_tool_execution_duration_seconds_count{tool="add",type="function",status="ok"} 2',
    );
  });

  it("metrics() counts fuel, prepared modules and fetches under their labels", async () => {
    const metrics = createPocketMetrics({ orlojNames: true });
    const event = { time: "", tool: "echo", invocation: "1", status: "ok", durationMs: 3, runtime: "wasm" } as const;
    for (const fuel of [10, 32]) metrics.observe({ kind: "invocation", event: { ...event, fuel } });
    for (const isHit of [false, true, true]) metrics.observe({ kind: "module", tool: "echo", isHit });
    for (const subject of ["oci://host/repo:v1", "https://host/echo.wasm", "https://host/org/repo"]) {
      metrics.onProgress({ stage: "fetch", subject, state: "start" });
      metrics.onProgress({ stage: "fetch", subject, state: "done" });
    }
    const text = await metrics.render();
    for (const line of [
      'pocket_wasm_fuel_consumed_total{tool="echo"} 42',
      'orloj_wasm_fuel_consumed{tool="echo"} 42',
      'pocket_wasm_compilation_cache_hits_total{tool="echo"} 2',
      'pocket_wasm_compilation_cache_misses_total{tool="echo"} 1',
      'pocket_fetch_duration_seconds_count{source="oci"} 1',
      'pocket_fetch_duration_seconds_count{source="https"} 1',
      'pocket_fetch_duration_seconds_count{source="git"} 1',
    ]) {
      expect(text).toContain(line);
    }
  });

  it("metrics() shows what the invoker is doing at the moment of the look", async () => {
    const metrics = createPocketMetrics();
    metrics.watch({ ...createFakeInvoker(), stats: () => ({ sandboxes: 3, running: 2, waiting: 7 }) });
    const text = await metrics.render();
    for (const line of ["pocket_sandboxes 3", "pocket_runs 2", "pocket_queue_length 7"]) expect(text).toContain(line);
  });
});
