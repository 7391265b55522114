/** The fuel of one run: the global that the host has put into the module's bytes, set before and read after. */
import type { GuestFuel } from "../../../protocol/guest-program.ts";

export interface FuelMeter {
  /** Gives the module its fuel, and runs its start function if it has one. */
  start(): void;
  /** What was used, never more than there was. */
  consumed(): number;
  /** Whether the module was stopped because there was none left. */
  isEmpty(): boolean;
}

export function createFuelMeter({ exports }: WebAssembly.Instance, { global, start, budget }: GuestFuel): FuelMeter {
  const counter = exports[global];
  if (!(counter instanceof WebAssembly.Global)) throw new TypeError("the module was not metered");
  const left = (): number => Number(counter.value);
  return {
    start() {
      counter.value = BigInt(budget);
      const run = exports[start];
      if (typeof run === "function") run();
    },
    consumed: () => budget - Math.max(left(), 0),
    isEmpty: () => left() < 0,
  };
}
