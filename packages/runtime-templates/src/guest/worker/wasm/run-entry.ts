/** Calls a module's entry point, and says how that ended. */
import type { GuestWasmProgram } from "../../../protocol/guest-program.ts";
import type { GuestMeasures } from "../../../protocol/worker-messages.ts";
import { type GuestExit, GuestFailure } from "../guest-runtime.ts";
import type { FuelMeter } from "./fuel-meter.ts";
import type { Wasi } from "./wasi/wasi.ts";

export interface EntryContext {
  readonly program: GuestWasmProgram;
  readonly wasi: Wasi;
  readonly meter: FuelMeter;
}

/**
 * Runs the export that the tool names, or `_start` where there is none. A library (it exports `_initialize`) is
 * initialised before it. What the entry returns is not looked at: the response is what stands on stdout.
 * @throws GuestFailure when the module traps or runs out of fuel.
 */
export function runEntry(instance: WebAssembly.Instance, { program, wasi, meter }: EntryContext): GuestExit {
  const { _initialize: initialise, _start: start } = instance.exports;
  const named = instance.exports[program.entrypoint];
  try {
    meter.start();
    if (typeof named === "function") {
      if (typeof initialise === "function" && named !== initialise) initialise();
      named();
    } else if (typeof start === "function") start();
  } catch (error) {
    if (wasi.exitCode === undefined) throw toFailure(error, { meter, measures: measure(instance, meter) });
  }
  // Also where the module has caught the exception that ends it, and has gone on.
  return { exitCode: Math.min(wasi.exitCode ?? 0, 255), ...measure(instance, meter) };
}

function measure({ exports }: WebAssembly.Instance, meter: FuelMeter): GuestMeasures {
  const { memory } = exports;
  return {
    ...(memory instanceof WebAssembly.Memory && { peakMemoryBytes: memory.buffer.byteLength }),
    fuel: meter.consumed(),
  };
}

interface Ending {
  readonly meter: FuelMeter;
  readonly measures: GuestMeasures;
}

function toFailure(error: unknown, { meter, measures }: Ending): GuestFailure {
  if (error instanceof GuestFailure) return error.withMeasures(measures);
  if (meter.isEmpty()) {
    const message = `the tool used up its fuel of ${measures.fuel} (function calls and loop iterations); a higher limits.fuel gives more`;
    return new GuestFailure("fuel_exhausted", message, measures);
  }
  return new GuestFailure("execution_failed", describeTrap(error), measures);
}

function describeTrap(error: unknown): string {
  if (error instanceof RangeError) return "the module trapped: its call stack overflowed";
  if (error instanceof WebAssembly.Exception) return "the module threw an exception that it did not catch";
  return `the module trapped: ${error instanceof Error ? error.message : String(error)}`;
}
