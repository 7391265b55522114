/** Says why a component did not come to its end. */
import { GuestFailure } from "../guest-runtime.ts";
import type { CoreInstances } from "./core-instances.ts";

/** The failure that `error` is, with what the core instances used. */
export function toFailure(error: unknown, cores: CoreInstances): GuestFailure {
  const measures = cores.measure();
  if (error instanceof GuestFailure) return error.withMeasures(measures);
  if (cores.isOutOfFuel()) {
    const message = `the tool used up its fuel of ${measures.fuel} (function calls and loop iterations); a higher limits.fuel gives more`;
    return new GuestFailure("fuel_exhausted", message, measures);
  }
  return new GuestFailure("execution_failed", describeTrap(error), measures);
}

function describeTrap(error: unknown): string {
  if (error instanceof RangeError) return `the component trapped: ${error.message}`;
  if (error instanceof WebAssembly.Exception) return "the component threw an exception that it did not catch";
  return `the component trapped: ${error instanceof Error ? error.message : describeThrown(error)}`;
}

/** What an imported function refuses by a plain value has no words of its own. */
function describeThrown(thrown: unknown): string {
  return typeof thrown === "string" ? thrown : JSON.stringify(thrown);
}
