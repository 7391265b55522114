/** Meters modules, and keeps the result: the same module under the same limit is rewritten once on a machine. */
import { createHash } from "node:crypto";
import type { WasmProgram } from "@toolpocket/core";
import {
  type MeterOptions,
  METERING_VERSION,
  meterModule,
  ModuleRefusal,
  type RefusalReason,
} from "@toolpocket/wasm-metering";
import { MODULE_KEY_PREFIX, type ModuleCache } from "./module-cache.ts";
import { RefusedProgram } from "./refused-program.ts";

export { FUEL_GLOBAL, START_EXPORT } from "@toolpocket/wasm-metering";

/** What helps against a refusal, where something does. */
const HINTS: Partial<Record<RefusalReason, string>> = {
  component: "a component runs with the runtime component, not wasm",
  "memory-limit": "the user's limits.max_memory_bytes gives more",
};

export interface MeterCachedOptions {
  readonly maxMemoryBytes: number;
  readonly modules: ModuleCache;
  /** The tool's name. */
  readonly tool: string;
}

/** @throws RefusedProgram memory_exceeded for a module that starts above its limit, else runtime_policy_invalid */
export async function meterCached(
  { name, bytes }: WasmProgram["module"],
  { maxMemoryBytes, modules, tool }: MeterCachedOptions,
): Promise<Uint8Array> {
  const digest = createHash("sha256").update(bytes).digest("hex");
  // The limit is part of the bytes: it stands in the memory's declaration.
  const key = `${MODULE_KEY_PREFIX}${METERING_VERSION}-${digest}-${maxMemoryBytes}`;
  const kept = await modules.read(key, tool).catch(() => null);
  if (kept) return kept;
  const metered = meterOrRefuse({ name, bytes }, { maxMemoryBytes });
  // A cache that fails costs only time.
  await modules.write(key, metered).catch(() => undefined);
  return metered;
}

/** @throws RefusedProgram memory_exceeded for a module that starts above its limit, else runtime_policy_invalid */
export function meterOrRefuse({ name, bytes }: WasmProgram["module"], options: MeterOptions): Uint8Array {
  try {
    return meterModule(bytes, options).bytes;
  } catch (error) {
    if (!(error instanceof ModuleRefusal)) throw error;
    const hint = HINTS[error.reason];
    const message = `${name} cannot be run: ${error.message}${hint === undefined ? "" : `; ${hint}`}`;
    throw new RefusedProgram(
      error.reason === "memory-limit" ? "memory_exceeded" : "runtime_policy_invalid",
      message,
      error,
    );
  }
}
