/** What a session is opened with, and the resolved form with its defaults. */
import type { Permissions } from "../permissions.ts";
import type { Limits, ResolvedLimits } from "../limits.ts";
import { resolveLimits } from "../limits.ts";
import type { ApprovalOptions } from "./approval.ts";

/** How long a session may be idle before it is closed, in milliseconds. */
export const DEFAULT_SESSION_TTL_MS = 600_000;
/** Calls of tools that the code of one run may make. */
export const DEFAULT_MAX_CALLS = 1_000;
/** Calls of tools that run at the same time; more wait. */
export const DEFAULT_MAX_CONCURRENT_CALLS = 16;
/** One file that goes into a session or comes out of it, in bytes. */
export const DEFAULT_MAX_FILE_BYTES = 67_108_864;

/** `timeout` and `maxOutputBytes` are those of one run. */
export interface SessionLimits extends Omit<Limits, "fuel"> {
  /** @defaultValue 1000 */
  maxCalls?: number;
  /** @defaultValue 16 */
  maxConcurrentCalls?: number;
  /** @defaultValue 67108864 */
  maxFileBytes?: number;
}

/** A wheel to install when the session's instance begins. */
export interface SessionPackage {
  /** As PEP 427 names it, for example "attrs-25.3.0-py3-none-any.whl". */
  readonly fileName: string;
  readonly content: Uint8Array;
}

/** Output as it is written, in whole characters. */
export interface SessionOutput {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

export interface SessionOptions extends ApprovalOptions {
  /** Names of the tools that its code may call; none by default. */
  tools?: readonly string[];
  /** Requirements of Python packages (PEP 508), resolved with all that they require; or wheels of your own. */
  packages?: readonly (string | SessionPackage)[];
  /** Modules by path, for its code to import; they stand beside its own files, and come back with `reset()`. */
  modules?: Readonly<Record<string, string | Uint8Array>>;
  /** Python that is run when the instance begins: its names are there for the code. */
  prelude?: string;
  environment?: Readonly<Record<string, string>>;
  /** What its own code may use, beside the tools; nothing by default. */
  allow?: Pick<Permissions, "network">;
  limits?: SessionLimits;
  /** How long it may be idle, in milliseconds, before it is closed. @defaultValue 600000 */
  ttlMs?: number;
  /** Told of what its code writes, as it does. What it throws is dropped. */
  onOutput?: (output: SessionOutput) => void;
}

export interface ResolvedSessionLimits extends ResolvedLimits {
  readonly maxCalls: number;
  readonly maxConcurrentCalls: number;
  readonly maxFileBytes: number;
}

/** @throws RangeError when a limit is not above zero; PocketError ERR_POCKET_SETTINGS_INVALID when `timeout` is no duration */
export function resolveSessionLimits(limits: SessionLimits = {}): ResolvedSessionLimits {
  const resolved = {
    ...resolveLimits(limits, {}, "python"),
    maxCalls: limits.maxCalls ?? DEFAULT_MAX_CALLS,
    maxConcurrentCalls: limits.maxConcurrentCalls ?? DEFAULT_MAX_CONCURRENT_CALLS,
    maxFileBytes: limits.maxFileBytes ?? DEFAULT_MAX_FILE_BYTES,
  };
  for (const [name, value] of Object.entries(resolved)) {
    const least = name === "maxCalls" ? 0 : 1;
    if (!Number.isFinite(value) || value < least) {
      throw new RangeError(`limits.${name} of a session is ${value}, not a number of at least ${least}`);
    }
  }
  return resolved;
}

/** @throws RangeError when it is not a number of milliseconds above zero */
export function resolveTtlMs(ttlMs: number = DEFAULT_SESSION_TTL_MS): number {
  if (ttlMs > 0 && Number.isFinite(ttlMs)) return ttlMs;
  throw new RangeError(`ttlMs is ${ttlMs}, not a number of milliseconds above zero`);
}
