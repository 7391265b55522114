/** The core instances that a component is made of, each with fuel of its own, and what they used together. */
import type { GuestFuel } from "../../../protocol/guest-program.ts";
import type { GuestMeasures } from "../../../protocol/worker-messages.ts";
import { createFuelMeter, type FuelMeter } from "../wasm/fuel-meter.ts";

export interface CoreInstances {
  /** Makes an instance, gives it fuel and runs its start function. */
  instantiate(module: WebAssembly.Module, imports?: WebAssembly.Imports): WebAssembly.Instance;
  measure(): GuestMeasures;
  /** Whether one of them was stopped because it had no fuel left. */
  isOutOfFuel(): boolean;
}

export function createCoreInstances(fuel: GuestFuel): CoreInstances {
  const meters: FuelMeter[] = [];
  const memories = new Set<WebAssembly.Memory>();
  return {
    instantiate(module, imports) {
      const instance = new WebAssembly.Instance(module, imports);
      for (const exported of Object.values(instance.exports)) {
        if (exported instanceof WebAssembly.Memory) memories.add(exported);
      }
      // A module without functions has nothing to count.
      if (fuel.global in instance.exports) {
        const meter = createFuelMeter(instance, fuel);
        meters.push(meter);
        meter.start();
      }
      return instance;
    },
    measure: () => ({
      peakMemoryBytes: [...memories].reduce((bytes, { buffer }) => bytes + buffer.byteLength, 0),
      fuel: meters.reduce((total, meter) => total + meter.consumed(), 0),
    }),
    isOutOfFuel: () => meters.some((meter) => meter.isEmpty()),
  };
}
