/** What is measured, by prom-client: names, labels and buckets. */
import type { InvokerStats } from "@toolpocket/core";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Observation } from "./pocket-metrics.ts";

/** In seconds: a warm call takes milliseconds, the default limit is 30 s. */
const DURATION_BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export interface MetricsRegistry {
  observe(observation: Observation): void;
  render(): Promise<string>;
}

export interface MetricsRegistryOptions {
  readonly orlojNames: boolean;
  /** Undefined while there is no invoker. */
  readStats(): InvokerStats | undefined;
}

export function createMetricsRegistry({ orlojNames, readStats }: MetricsRegistryOptions): MetricsRegistry {
  const registry = new Registry();
  const registers = [registry];
  const sets = orlojNames ? ["pocket", "orloj"] : ["pocket"];
  const counted = sets.map((prefix) => ({
    // Orloj has no word for the runtime of a tool but its type.
    runtimeLabel: prefix === "orloj" ? "type" : "runtime",
    executions: new Histogram({
      name: `${prefix}_tool_execution_duration_seconds`,
      help: "Duration of a tool's execution, in seconds",
      labelNames: ["tool", prefix === "orloj" ? "type" : "runtime", "status"],
      buckets: DURATION_BUCKETS,
      registers,
    }),
    fuel: new Counter({
      name: prefix === "orloj" ? "orloj_wasm_fuel_consumed" : "pocket_wasm_fuel_consumed_total",
      help: "Fuel that wasm tools have consumed",
      labelNames: ["tool"],
      registers,
    }),
    hits: new Counter({
      name: `${prefix}_wasm_compilation_cache_hits_total`,
      help: "Modules that were found prepared",
      labelNames: ["tool"],
      registers,
    }),
    misses: new Counter({
      name: `${prefix}_wasm_compilation_cache_misses_total`,
      help: "Modules that had to be prepared",
      labelNames: ["tool"],
      registers,
    }),
    fetches: new Histogram({
      name: prefix === "orloj" ? "orloj_wasm_module_fetch_duration_seconds" : "pocket_fetch_duration_seconds",
      help: "Duration of a fetch of a tool or module, in seconds",
      labelNames: ["source"],
      buckets: DURATION_BUCKETS,
      registers,
    }),
  }));
  const gauge = (name: string, help: string, read: (stats: InvokerStats) => number): Gauge =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        const stats = readStats();
        this.set(stats === undefined ? 0 : read(stats));
      },
    });
  gauge("pocket_sandboxes", "Sandboxes that are live", ({ sandboxes }) => sandboxes);
  gauge("pocket_runs", "Runs under way", ({ running }) => running);
  gauge("pocket_queue_length", "Runs that wait for their turn", ({ waiting }) => waiting);

  return {
    observe(observation) {
      for (const { executions, fuel, hits, misses, fetches, runtimeLabel } of counted) {
        switch (observation.kind) {
          case "invocation": {
            const { tool, runtime = "", status, durationMs, fuel: consumed } = observation.event;
            executions.observe({ tool, [runtimeLabel]: runtime, status }, durationMs / 1_000);
            if (consumed !== undefined) fuel.inc({ tool }, consumed);
            break;
          }
          case "module":
            (observation.isHit ? hits : misses).inc({ tool: observation.tool });
            break;
          case "fetch":
            fetches.observe({ source: observation.source }, observation.seconds);
        }
      }
    },
    render: () => registry.metrics(),
  };
}
