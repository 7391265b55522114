/** How much is kept ready on a machine, by its cores and its memory. */
import { availableParallelism, totalmem } from "node:os";

/** Memory that one live sandbox is reckoned with. */
const SANDBOX_BYTES = 536_870_912;
const MIN_SANDBOXES = 2;
const MAX_SANDBOXES = 16;
const MIN_SESSIONS = 4;
const MAX_SESSIONS = 32;
/** From here on a second ready instance, about 100 MB for Python, is made beside running calls and not instead of them. */
const ROOMY_CORES = 8;
const ROOMY_BYTES = 34_359_738_368;

export interface Machine {
  readonly cores: number;
  readonly memoryBytes: number;
}

export interface MachineSize {
  /** Largest number of live sandboxes: they take half of the memory at most. */
  readonly maxSandboxes: number;
  /** Sessions that may be open at the same time. */
  readonly maxSessions: number;
  /** Instances that wait in each sandbox. */
  readonly readyInstances: number;
  /** Runs of one tool at the same time. */
  readonly maxConcurrentRuns: number;
}

/** @param machine by default this one */
export function sizeByMachine({ cores, memoryBytes }: Machine = readMachine()): MachineSize {
  const byMemory = Math.floor(memoryBytes / 2 / SANDBOX_BYTES);
  return {
    maxSandboxes: Math.min(Math.max(byMemory, MIN_SANDBOXES), MAX_SANDBOXES),
    maxSessions: Math.min(Math.max(byMemory, MIN_SESSIONS), MAX_SESSIONS),
    readyInstances: cores >= ROOMY_CORES && memoryBytes >= ROOMY_BYTES ? 2 : 1,
    maxConcurrentRuns: 2 * cores,
  };
}

function readMachine(): Machine {
  return { cores: availableParallelism(), memoryBytes: totalmem() };
}
