/** The limits that a wasm tool asks for: those of `[limits]`, lowered by those of `[wasm]`. */
import { DEFAULT_FUEL, DEFAULT_WASM_MAX_MEMORY_BYTES, type Limits } from "../limits.ts";
import type { Declaration } from "./declaration.ts";

export interface LoweredLimits {
  readonly limits: Limits;
  /** What the tool asks for and does not get by itself. */
  readonly warnings: readonly string[];
}

/** The smaller of both is asked for; more than a default only the user can give. */
export function lowerWasmLimits({ file, limits, wasm }: Declaration): LoweredLimits {
  if (wasm === undefined) return { limits, warnings: [] };
  const maxMemoryBytes = lower(limits.maxMemoryBytes, wasm.maxMemoryBytes);
  const fuel = lower(limits.fuel, wasm.fuel);
  const warn = (key: string, asked: number | undefined, most: number): readonly string[] =>
    asked === undefined || asked <= most
      ? []
      : [`${file}: ${key} = ${asked} is more than the default ${most}: only the user gives more, by limits.${key}`];
  return {
    limits: {
      ...limits,
      ...(maxMemoryBytes !== undefined && { maxMemoryBytes }),
      ...(fuel !== undefined && { fuel }),
    },
    warnings: [
      ...warn("max_memory_bytes", maxMemoryBytes, DEFAULT_WASM_MAX_MEMORY_BYTES),
      ...warn("fuel", fuel, DEFAULT_FUEL),
    ],
  };
}

function lower(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}
