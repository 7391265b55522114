/**
 * Watches a sandbox's process from outside while tools run in it.
 *
 * A python instance keeps its interpreter's memory within the limit by itself. What that does not cover (JavaScript heaps,
 * array buffers, a tool that reaches around it) is seen here: when the process has grown by more than its running tools
 * may hold together, it is ended.
 */
import { readProcessMemory } from "./process-memory.ts";

/** How often a busy sandbox is looked at. */
const INTERVAL_MS = 50;
/** Growth that is no tool's: the first instance of a sandbox, and what the page itself holds. */
export const SANDBOX_OVERHEAD_BYTES = 268_435_456;
/** Growth for each run that is no tool's: its instance's code, and the instance that is made to follow it. */
export const RUN_OVERHEAD_BYTES = 134_217_728;

export interface MemoryWatch {
  /** A run begins that may hold `maxBytes`. */
  enter(maxBytes: number): void;
  leave(maxBytes: number): void;
  close(): void;
}

export interface MemoryWatchOptions {
  /** The sandbox's renderer; undefined watches nothing. */
  processId: number | undefined;
  onExceeded(): void;
  /** @defaultValue readProcessMemory */
  readMemory?: (processId: number) => number | undefined;
}

export function watchMemory({
  processId,
  onExceeded,
  readMemory = readProcessMemory,
}: MemoryWatchOptions): MemoryWatch {
  let allowedBytes = 0;
  let idleBytes = 0;
  let timer: NodeJS.Timeout | undefined;

  function look(id: number): void {
    const bytes = readMemory(id);
    if (bytes !== undefined && bytes - idleBytes > allowedBytes + SANDBOX_OVERHEAD_BYTES) onExceeded();
  }

  return {
    enter(maxBytes) {
      allowedBytes += maxBytes + RUN_OVERHEAD_BYTES;
      if (processId === undefined || timer) return;
      idleBytes = readMemory(processId) ?? 0;
      timer = setInterval(() => look(processId), INTERVAL_MS);
      timer.unref();
    },
    leave(maxBytes) {
      allowedBytes -= maxBytes + RUN_OVERHEAD_BYTES;
      if (allowedBytes > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
    close() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
