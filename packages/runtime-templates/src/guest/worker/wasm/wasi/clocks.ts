/** The clocks of WASI, and sleeping. */
import { WasiError } from "./errno.ts";

const REALTIME = 0;
const MONOTONIC = 1;
/** Processor time of process and thread: an instance is both. */
const CPU_CLOCKS: ReadonlySet<number> = new Set([2, 3]);
const NS_PER_MS = 1_000_000;

/** What performance.now() tells apart in a page that is isolated from others, in nanoseconds. */
export const CLOCK_RESOLUTION_NS = 5_000n;

/** Nanoseconds of a clock. @throws WasiError inval when there is no such clock. */
export function readClockNs(clock: number): bigint {
  const elapsedMs = performance.now();
  if (clock === REALTIME) return toNs(performance.timeOrigin) + toNs(elapsedMs);
  if (clock === MONOTONIC || CPU_CLOCKS.has(clock)) return toNs(elapsedMs);
  throw new WasiError("inval");
}

/** Blocks the worker without burning its core; how long at most is up to the run's clock on the host. */
export function sleepNs(duration: bigint): void {
  if (duration <= 0n) return;
  const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  Atomics.wait(never, 0, 0, Number(duration) / NS_PER_MS);
}

function toNs(ms: number): bigint {
  return BigInt(Math.round(ms * NS_PER_MS));
}
