/** The live sandboxes: one for each tool that was called, a spare one for the next, the least recently used goes first. */
import type { RunnableTool } from "@toolpocket/core";
import type { GuestRuntimeName } from "@toolpocket/runtime-templates";
import { packProgram } from "../program/pack-program.ts";
import type { Sandbox } from "./sandbox.ts";

/** Time between a sandbox's first use and the making of the next spare: the call in hand goes first. */
const SPARE_DELAY_MS = 250;

export interface SandboxPoolOptions {
  open(runtime: GuestRuntimeName): Promise<Sandbox>;
  /** Largest number of live sandboxes, the spare one included. */
  maxSandboxes: number;
  /** Instances that wait in each sandbox. */
  readyInstances: number;
  /** Whether a spare sandbox is kept for the runtime that was used last. */
  keepSpare: boolean;
}

export interface Lease {
  readonly sandbox: Sandbox;
  /** Whether it had to be opened for this lease. */
  readonly opened: boolean;
}

export interface SandboxPool {
  /** The tool's sandbox; opens it, or binds the spare one, where there is none. Waits where all are busy. */
  take(tool: RunnableTool): Promise<Lease>;
  /** Tells that a run has ended: whoever waits for a place is served. */
  settle(): void;
  close(): Promise<void>;
}

interface Entry {
  readonly sandbox: Promise<Sandbox>;
  /** The same, once it is there. */
  live: Sandbox | undefined;
  /** Takers that have not begun their run yet. */
  pending: number;
}

export function createSandboxPool({ open, maxSandboxes, readyInstances, keepSpare }: SandboxPoolOptions): SandboxPool {
  /** By tool id, least recently used first. */
  const entries = new Map<string, Entry>();
  const spares = new Map<GuestRuntimeName, Promise<Sandbox>>();
  let waiting: (() => void)[] = [];
  let spareTimer: NodeJS.Timeout | undefined;
  let closed = false;

  async function take(tool: RunnableTool): Promise<Lease> {
    const known = entries.get(tool.id);
    if (known) {
      entries.delete(tool.id);
      entries.set(tool.id, known);
      return lease(known, false);
    }
    if (!(await makeRoom(tool))) return take(tool);
    const spare = spares.get(tool.program.runtime);
    spares.delete(tool.program.runtime);
    const entry: Entry = { sandbox: bind(tool, spare), live: undefined, pending: 0 };
    entries.set(tool.id, entry);
    entry.sandbox.then(
      (sandbox) => {
        entry.live = sandbox;
        void sandbox.gone.then(() => forget(tool.id, entry));
        planSpare(tool.program.runtime);
      },
      () => forget(tool.id, entry),
    );
    return lease(entry, true);
  }

  async function lease(entry: Entry, opened: boolean): Promise<Lease> {
    entry.pending += 1;
    try {
      return { sandbox: await entry.sandbox, opened };
    } finally {
      // The run begins in the same turn as this settles; from then on it counts by itself.
      queueMicrotask(() => (entry.pending -= 1));
    }
  }

  async function bind(tool: RunnableTool, spare: Promise<Sandbox> | undefined): Promise<Sandbox> {
    const [sandbox, program] = await Promise.all([
      spare?.catch(() => open(tool.program.runtime)) ?? open(tool.program.runtime),
      packProgram(tool.program),
    ]);
    sandbox.bind(tool, program, readyInstances);
    return sandbox;
  }

  /** True when there is room for one more; false after a wait, when the caller must look again. */
  async function makeRoom(tool: RunnableTool): Promise<boolean> {
    const hasSpare = spares.has(tool.program.runtime);
    if (hasSpare || entries.size + spares.size < maxSandboxes) return true;
    const [runtime, spare] = [...spares][0] ?? [];
    if (runtime && spare) {
      spares.delete(runtime);
      await spare.then((sandbox) => sandbox.close()).catch(() => undefined);
      return true;
    }
    for (const [id, entry] of entries) {
      if (!entry.live || entry.pending > 0 || entry.live.activeRuns > 0) continue;
      entries.delete(id);
      await entry.live.close();
      return true;
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
    return false;
  }

  function forget(id: string, entry: Entry): void {
    if (entries.get(id) === entry) entries.delete(id);
    settle();
  }

  function settle(): void {
    for (const wake of waiting.splice(0)) wake();
  }

  function planSpare(runtime: GuestRuntimeName): void {
    if (!keepSpare || closed) return;
    clearTimeout(spareTimer);
    spareTimer = setTimeout(() => {
      if (spares.has(runtime) || entries.size + spares.size >= maxSandboxes) return;
      const spare = open(runtime);
      spares.set(runtime, spare);
      spare.then(
        (sandbox) => void sandbox.gone.then(() => spares.get(runtime) === spare && spares.delete(runtime)),
        () => spares.delete(runtime),
      );
    }, SPARE_DELAY_MS);
    spareTimer.unref();
  }

  return {
    take,
    settle,
    async close() {
      closed = true;
      clearTimeout(spareTimer);
      const all = [...entries.values()].map(({ sandbox }) => sandbox);
      await Promise.allSettled([...all, ...spares.values()].map((made) => made.then((sandbox) => sandbox.close())));
      waiting = [];
    },
  };
}
