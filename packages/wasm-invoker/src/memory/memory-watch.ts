/**
 * Watches a sandbox's process from outside while tools run in it.
 *
 * A python instance's linear memory has a hard maximum. What no maximum covers (JavaScript heaps, array buffers) is seen
 * here: when the process has grown by more than its running tools may hold together, it is ended.
 */
import { readProcessMemory } from "./process-memory.ts";

/** How often a busy sandbox is looked at. */
const INTERVAL_MS = 50;
/** Growth that is not the tools': the instances made ahead while they run. */
const OVERHEAD_BYTES = 268_435_456;

export interface MemoryWatch {
  /** A run begins that may hold `maxBytes`. */
  enter(maxBytes: number): void;
  leave(maxBytes: number): void;
  close(): void;
}

/** @param processId of the sandbox's renderer; undefined watches nothing */
export function watchMemory(processId: number | undefined, onExceeded: () => void): MemoryWatch {
  let allowedBytes = 0;
  let idleBytes = 0;
  let timer: NodeJS.Timeout | undefined;

  function look(id: number): void {
    const bytes = readProcessMemory(id);
    if (bytes !== undefined && bytes - idleBytes > allowedBytes + OVERHEAD_BYTES) onExceeded();
  }

  return {
    enter(maxBytes) {
      allowedBytes += maxBytes;
      if (processId === undefined || timer) return;
      idleBytes = readProcessMemory(processId) ?? 0;
      timer = setInterval(() => look(processId), INTERVAL_MS);
    },
    leave(maxBytes) {
      allowedBytes -= maxBytes;
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
