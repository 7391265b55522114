/**
 * Bytecode of the packages that a python tool imports. Each instance would compile them again, which takes seconds for large
 * ones; so the modules that a first run has imported are compiled once, by an instance that runs nothing, and those that
 * follow find the bytecode beside the sources.
 *
 * What was imported is the guest's word, and only chooses among the files of the tool's own packages.
 */
import type { GuestFile, GuestProgram, GuestPythonProgram } from "../../protocol/guest-program.ts";
import type { Instance } from "./instance.ts";

/** More source than this is not compiled: a large package imports a third of it. */
const MAX_SOURCE_BYTES = 33_554_432;
/** How long compiling may take; large packages take some seconds. */
const COMPILE_TIMEOUT_MS = 60_000;
/** Time from the end of the run until compiling begins, if no other run goes on. */
const QUIET_MS = 500;
/** How often a quiet moment is waited for. */
const MAX_WAITS = 10;

export interface BytecodeOptions {
  /** Starts an instance that is not bound. */
  start(): Promise<Instance>;
  /** Whether a run goes on, which compiling would slow down. */
  isBusy(): boolean;
  /** Takes the program with bytecode, in the place of the one that was given. */
  onMade(program: GuestPythonProgram, given: GuestProgram): void;
}

export interface Bytecode {
  /** Whether the next run of the program should tell what it imports. */
  isWanted(program: GuestProgram): boolean;
  /** Plans the making. Once for a program: what cannot be compiled is imported from its source. */
  plan(program: GuestProgram, imported: readonly string[]): void;
}

export function createBytecode({ start, isBusy, onMade }: BytecodeOptions): Bytecode {
  const planned = new WeakSet<GuestProgram>();

  async function make(program: GuestPythonProgram, sources: readonly GuestFile[]): Promise<void> {
    for (let waits = 0; waits < MAX_WAITS; waits += 1) {
      await delay(QUIET_MS);
      if (!isBusy()) break;
    }
    const compiled = await compile(sources, start);
    const [first, ...others] = program.wheels;
    if (!first || compiled.length === 0) return;
    const made = { ...program, wheels: [{ ...first, files: [...first.files, ...compiled] }, ...others] };
    planned.add(made);
    onMade(made, program);
  }

  return {
    isWanted: (program) => isPackaged(program) && !planned.has(program),
    plan(program, imported) {
      if (!isPackaged(program) || planned.has(program)) return;
      planned.add(program);
      const sources = chooseSources(program, new Set(imported));
      if (sources.length > 0) void make(program, sources).catch(() => undefined);
    },
  };
}

/** A session has one instance; nothing follows it. */
function isPackaged(program: GuestProgram): program is GuestPythonProgram {
  return program.runtime === "python" && program.entry.kind !== "session" && program.wheels.length > 0;
}

function chooseSources({ wheels }: GuestPythonProgram, imported: ReadonlySet<string>): GuestFile[] {
  let bytes = 0;
  return wheels
    .flatMap(({ files }) => files)
    .filter(({ path, content }) => {
      if (!imported.has(path) || !path.endsWith(".py")) return false;
      bytes += content.length;
      return bytes <= MAX_SOURCE_BYTES;
    });
}

async function compile(sources: readonly GuestFile[], start: () => Promise<Instance>): Promise<readonly GuestFile[]> {
  const instance = await start();
  try {
    return await Promise.race([instance.compile(sources), delay(COMPILE_TIMEOUT_MS).then(() => [])]);
  } finally {
    instance.terminate();
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
