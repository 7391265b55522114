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

export interface SandboxPool {
  /**
   * Does `work` in the tool's sandbox; opens it, or binds the spare one, where there is none, and waits where all are busy.
   * `opened` tells whether it had to be opened or bound for this.
   */
  use<Result>(tool: RunnableTool, work: (sandbox: Sandbox, opened: boolean) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

interface Entry {
  readonly sandbox: Promise<Sandbox>;
  /** The same, once it is there. */
  live: Sandbox | undefined;
  /** Users whose work has not ended: while there is one, the sandbox stays. */
  users: number;
}

export function createSandboxPool({ open, maxSandboxes, readyInstances, keepSpare }: SandboxPoolOptions): SandboxPool {
  /** By tool id, least recently used first. */
  const entries = new Map<string, Entry>();
  const spares = new Map<GuestRuntimeName, Promise<Sandbox>>();
  let waiting: (() => void)[] = [];
  let spareTimer: NodeJS.Timeout | undefined;
  let closed = false;

  async function findOrOpen(tool: RunnableTool): Promise<{ entry: Entry; opened: boolean }> {
    const known = entries.get(tool.id);
    if (known) {
      entries.delete(tool.id);
      entries.set(tool.id, known);
      return { entry: known, opened: false };
    }
    if (!(await makeRoom(tool.program.runtime))) return findOrOpen(tool);
    const spare = spares.get(tool.program.runtime);
    spares.delete(tool.program.runtime);
    const entry: Entry = { sandbox: bind(tool, spare), live: undefined, users: 0 };
    entries.set(tool.id, entry);
    entry.sandbox.then(
      (sandbox) => {
        entry.live = sandbox;
        void sandbox.gone.then(() => forget(tool.id, entry));
        planSpare(tool.program.runtime);
      },
      () => forget(tool.id, entry),
    );
    return { entry, opened: true };
  }

  async function bind(tool: RunnableTool, spare: Promise<Sandbox> | undefined): Promise<Sandbox> {
    const [sandbox, program] = await Promise.all([
      spare?.catch(() => open(tool.program.runtime)) ?? open(tool.program.runtime),
      packProgram(tool.program),
    ]);
    sandbox.bind(tool, program, readyInstances);
    return sandbox;
  }

  /** True when there is room for one more, now; false after something has changed, when the caller must look again. */
  async function makeRoom(runtime: GuestRuntimeName): Promise<boolean> {
    if (spares.has(runtime) || entries.size + spares.size < maxSandboxes) return true;
    const [[otherRuntime, spare] = []] = spares;
    const [[id, idle] = []] = [...entries].filter(([, { live, users }]) => live && users === 0);
    if (otherRuntime && spare) {
      spares.delete(otherRuntime);
      await spare.then((sandbox) => sandbox.close()).catch(() => undefined);
    } else if (id !== undefined && idle) {
      entries.delete(id);
      await idle.live?.close();
    } else {
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    return false;
  }

  function forget(id: string, entry: Entry): void {
    if (entries.get(id) === entry) entries.delete(id);
    wakeAll();
  }

  function wakeAll(): void {
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
    async use(tool, work) {
      const { entry, opened } = await findOrOpen(tool);
      entry.users += 1;
      try {
        return await work(await entry.sandbox, opened);
      } finally {
        entry.users -= 1;
        wakeAll();
      }
    },
    async close() {
      closed = true;
      clearTimeout(spareTimer);
      const all = [...entries.values()].map(({ sandbox }) => sandbox);
      await Promise.allSettled([...all, ...spares.values()].map((made) => made.then((sandbox) => sandbox.close())));
      waiting = [];
    },
  };
}
