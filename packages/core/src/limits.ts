/** Limits of an invocation: how they are written, and the resolved form with its defaults. */
import { PocketError } from "./errors.ts";
import type { Runtime } from "./program.ts";

/** Wall clock of one invocation, in milliseconds. */
export const DEFAULT_TIMEOUT_MS = 30_000;
/** Memory of one instance, in bytes. */
export const DEFAULT_MAX_MEMORY_BYTES = 536_870_912;
/** Input of one invocation, as JSON text in UTF-8, in bytes. */
export const DEFAULT_MAX_INPUT_BYTES = 1_048_576;
/** Standard output and returned value of one invocation, together, in bytes. Standard error has the same cap. */
export const DEFAULT_MAX_OUTPUT_BYTES = 1_048_576;

/** Memory of one instance of a wasm tool, in bytes: contract v1's default. */
export const DEFAULT_WASM_MAX_MEMORY_BYTES = 67_108_864;
/** Function entries and loop iterations that one call of a wasm tool may make: contract v1's default. */
export const DEFAULT_FUEL = 1_000_000;

/** Limits as a user or a manifest writes them. */
export interface Limits {
  /** A duration such as "30s" or "1m30s" (Go's syntax); `timeoutMs` wins where both stand. */
  timeout?: string;
  timeoutMs?: number;
  maxMemoryBytes?: number;
  maxInputBytes?: number;
  maxOutputBytes?: number;
  /** Function entries and loop iterations of one call; wasm and components only. */
  fuel?: number;
}

export interface ResolvedLimits {
  readonly timeoutMs: number;
  readonly maxMemoryBytes: number;
  /** @defaultValue DEFAULT_MAX_INPUT_BYTES */
  readonly maxInputBytes?: number;
  readonly maxOutputBytes: number;
  /** Wasm, and components where somebody sets it. */
  readonly fuel?: number;
}

/**
 * The limits that hold: what the user set, else the smaller of what the tool asks and its runtime's default.
 * A tool may lower its own limits, only the user may raise them.
 */
export function resolveLimits(granted: Limits = {}, asked: Limits = {}, runtime?: Runtime): ResolvedLimits {
  const lower = (key: "maxMemoryBytes" | "maxInputBytes" | "maxOutputBytes" | "fuel", most: number): number =>
    granted[key] ?? Math.min(asked[key] ?? most, most);
  const componentFuel = granted.fuel ?? asked.fuel;
  return {
    timeoutMs: toTimeoutMs(granted) ?? Math.min(toTimeoutMs(asked) ?? DEFAULT_TIMEOUT_MS, DEFAULT_TIMEOUT_MS),
    maxMemoryBytes: lower(
      "maxMemoryBytes",
      runtime === "wasm" ? DEFAULT_WASM_MAX_MEMORY_BYTES : DEFAULT_MAX_MEMORY_BYTES,
    ),
    maxInputBytes: lower("maxInputBytes", DEFAULT_MAX_INPUT_BYTES),
    maxOutputBytes: lower("maxOutputBytes", DEFAULT_MAX_OUTPUT_BYTES),
    ...(runtime === "wasm" && { fuel: lower("fuel", DEFAULT_FUEL) }),
    // A component carries its language's runtime with it: only who knows what that takes can say a number.
    ...(runtime === "component" && componentFuel !== undefined && { fuel: componentFuel }),
  };
}

function toTimeoutMs(limits: Limits): number | undefined {
  return limits.timeoutMs ?? (limits.timeout === undefined ? undefined : parseDurationMs(limits.timeout));
}

const UNIT_MS: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * Milliseconds of a Go duration such as "250ms", "10s" or "1m30s".
 * @throws PocketError ERR_POCKET_SETTINGS_INVALID when `text` is no duration.
 */
export function parseDurationMs(text: string): number {
  if (!/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/u.test(text)) {
    throw new PocketError("ERR_POCKET_SETTINGS_INVALID", `"${text}" is not a duration`, {
      hint: 'write a number with a unit, such as "30s", "1m30s" or "250ms"',
    });
  }
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/guy)) {
    total += Number(amount) * (UNIT_MS[unit ?? ""] ?? 0);
  }
  return total;
}
