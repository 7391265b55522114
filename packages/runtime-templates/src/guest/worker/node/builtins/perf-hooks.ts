/** `node:perf_hooks`: the web's performance object, with the members that Node has besides. */
import { unavailable } from "../errors/node-error.ts";
import { monotonicNow } from "../natives.ts";
import type { Exports } from "../node-realm.ts";

export function createPerfHooks(): Exports {
  const { performance } = globalThis;
  const added: Exports = {
    eventLoopUtilization: () => ({ idle: 0, active: 0, utilization: 0 }),
    nodeTiming: { name: "node", entryType: "node", startTime: 0, duration: monotonicNow(), bootstrapComplete: 0 },
    timerify:
      (callback: Exports) =>
      (...values: unknown[]) =>
        callback(...values),
  };
  for (const [name, value] of Object.entries(added)) {
    Object.defineProperty(performance, name, { value, configurable: true, writable: true });
  }
  /** Sees no entry: the web's own observer is not kept in the guest. */
  class PerformanceObserver {
    static readonly supportedEntryTypes = [];
    observe(): void {}
    disconnect(): void {}
    takeRecords(): never[] {
      return [];
    }
  }
  const refuse = (name: string) => (): never => {
    throw unavailable(`perf_hooks.${name}`);
  };
  return {
    performance,
    PerformanceObserver,
    PerformanceEntry,
    PerformanceMark,
    PerformanceMeasure,
    constants: {},
    createHistogram: refuse("createHistogram"),
    monitorEventLoopDelay: refuse("monitorEventLoopDelay"),
  };
}
