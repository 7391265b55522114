/** Fills the counter of a metered instance, runs its start function, and reads what was used. */
import { FUEL_GLOBAL, START_EXPORT } from "./names.ts";

/** For whoever wants no limit but the clock: what is used is counted all the same. */
export const UNLIMITED_FUEL = 2n ** 63n - 1n;

export interface FuelGauge {
  /** Fuel used so far; at most what was given. */
  consumed(): bigint;
  /** Whether the instance was stopped for want of fuel, as opposed to a trap of its own. */
  isExhausted(): boolean;
  /**
   * Charges for work that the host does for the guest.
   * @returns whether there was enough; if not, the counter is exhausted, and the host must end the call.
   */
  charge(units: bigint): boolean;
}

/**
 * Must be called at once after instantiation, before any other export: the counter is zero until then.
 * @throws RangeError for fuel that is negative, no integer, or above {@link UNLIMITED_FUEL}; TypeError for an instance of
 * a module that was not metered. What the start function throws goes through, with the gauge handed to `onFilled` before.
 */
export function fillFuel(
  exports: Readonly<Record<string, unknown>>,
  fuel: number | bigint,
  onFilled?: (gauge: FuelGauge) => void,
): FuelGauge {
  const initial = BigInt(fuel);
  if (initial < 0n || initial > UNLIMITED_FUEL)
    throw new RangeError(`The fuel ${fuel} is no natural number of 63 bits`);
  const counter = exports[FUEL_GLOBAL];
  if (!isCounter(counter)) throw new TypeError("The instance is not of a metered module");
  counter.value = initial;
  const left = (): bigint => counter.value;
  const gauge: FuelGauge = {
    consumed: () => (left() < 0n ? initial : initial - left()),
    isExhausted: () => left() < 0n,
    charge: (units) => {
      counter.value = left() < units ? -1n : left() - units;
      return left() >= 0n;
    },
  };
  onFilled?.(gauge);
  const start = exports[START_EXPORT];
  if (typeof start === "function") start();
  return gauge;
}

/** A `WebAssembly.Global` of i64, which has other types in a browser and in Node. */
function isCounter(value: unknown): value is { value: bigint } {
  return typeof value === "object" && value !== null && "value" in value && typeof value.value === "bigint";
}
