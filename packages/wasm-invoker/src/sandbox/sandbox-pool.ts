/** The live sandboxes: one for each tool that was called, a spare one for the next, the least recently used goes first. */
import { PocketError, type RunnableTool } from "@toolpocket/core";
import type { GuestRuntimeName } from "@toolpocket/runtime-templates";
import type { PackedProgram } from "../program/pack-program.ts";
import type { Sandbox } from "./sandbox.ts";

/** Time between the end of a sandbox's first use and the making of the next spare: the call in hand goes first. */
const SPARE_DELAY_MS = 250;
/** The same from the opening of a sandbox, whose first use may be a long one. */
const SPARE_DELAY_OF_LONG_USE_MS = 5_000;

export interface SandboxPoolOptions {
  open(runtime: GuestRuntimeName): Promise<Sandbox>;
  /** Prepares a tool's program for its page. */
  pack(tool: RunnableTool): Promise<PackedProgram>;
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
  /** A sandbox that is bound to the tool and the taker's to close: the spare one, or a new one. The pool counts it no more. */
  lease(tool: RunnableTool): Promise<Sandbox>;
  /** Live sandboxes, spare ones included, leased ones not. */
  readonly size: number;
  close(): Promise<void>;
}

interface Entry {
  readonly sandbox: Promise<Sandbox>;
  /** The same, once it is there. */
  live: Sandbox | undefined;
  /** Users whose work has not ended: while there is one, the sandbox stays. */
  users: number;
}

export function createSandboxPool({
  open,
  pack,
  maxSandboxes,
  readyInstances,
  keepSpare,
}: SandboxPoolOptions): SandboxPool {
  /** By tool id, least recently used first. */
  const entries = new Map<string, Entry>();
  const spares = new Map<GuestRuntimeName, Promise<Sandbox>>();
  const waiting: (() => void)[] = [];
  /** Sandboxes that are being closed. */
  let leaving = 0;
  let spareTimer: NodeJS.Timeout | undefined;
  let closed = false;

  /** The tool's entry, with one more user: from here on it stays. */
  async function claim(tool: RunnableTool): Promise<{ entry: Entry; opened: boolean }> {
    for (;;) {
      if (closed) throw new PocketError("ERR_POCKET_CLOSED", "the invoker is closed", { hint: "create a new Pocket" });
      const known = entries.get(tool.id);
      const roomMade = known ? undefined : makeRoom(tool.program.runtime);
      if (roomMade) {
        await roomMade;
        continue;
      }
      const entry = known ?? openEntry(tool);
      entries.delete(tool.id);
      entries.set(tool.id, entry);
      entry.users += 1;
      return { entry, opened: !known };
    }
  }

  function takeSpare(runtime: GuestRuntimeName): Promise<Sandbox> | undefined {
    const spare = spares.get(runtime);
    spares.delete(runtime);
    return spare;
  }

  function openEntry(tool: RunnableTool): Entry {
    const spare = takeSpare(tool.program.runtime);
    const entry: Entry = { sandbox: bind(tool, spare, readyInstances), live: undefined, users: 0 };
    entry.sandbox.then(
      (sandbox) => {
        entry.live = sandbox;
        void sandbox.gone.then(() => forget(tool.id, entry));
        planSpare(tool.program.runtime, SPARE_DELAY_OF_LONG_USE_MS);
      },
      () => forget(tool.id, entry),
    );
    return entry;
  }

  async function bind(tool: RunnableTool, spare: Promise<Sandbox> | undefined, instances: number): Promise<Sandbox> {
    const { runtime } = tool.program;
    const opening = spare?.catch(() => open(runtime)) ?? open(runtime);
    try {
      const [sandbox, program] = await Promise.all([opening, pack(tool)]);
      sandbox.bind(tool, program, instances);
      return sandbox;
    } catch (error) {
      void opening.then((sandbox) => sandbox.close()).catch(() => undefined);
      throw error;
    }
  }

  /** Undefined when there is room for one more, now; else settles when something has changed and the caller must look again. */
  function makeRoom(runtime: GuestRuntimeName): Promise<void> | undefined {
    if (spares.has(runtime) || count() < maxSandboxes) return undefined;
    const [[otherRuntime, spare] = []] = spares;
    const [id, idle] = [...entries].find(([, { live, users }]) => live && users === 0) ?? [];
    if (otherRuntime && spare) {
      spares.delete(otherRuntime);
      return closeCounted(spare);
    }
    if (id !== undefined && idle) {
      entries.delete(id);
      return closeCounted(idle.sandbox);
    }
    return new Promise<void>((resolve) => waiting.push(resolve));
  }

  function count(): number {
    return entries.size + spares.size + leaving;
  }

  /** Closes a sandbox that is in no map any more, but still there. */
  async function closeCounted(made: Promise<Sandbox>): Promise<void> {
    leaving += 1;
    await made.then((sandbox) => sandbox.close()).catch(() => undefined);
    leaving -= 1;
    wakeAll();
  }

  function forget(id: string, entry: Entry): void {
    if (entries.get(id) === entry) entries.delete(id);
    wakeAll();
  }

  function forgetSpare(runtime: GuestRuntimeName, spare: Promise<Sandbox>): void {
    if (spares.get(runtime) === spare) spares.delete(runtime);
    wakeAll();
  }

  function wakeAll(): void {
    for (const wake of waiting.splice(0)) wake();
  }

  function planSpare(runtime: GuestRuntimeName, delayMs = SPARE_DELAY_MS): void {
    if (!keepSpare || closed) return;
    clearTimeout(spareTimer);
    spareTimer = setTimeout(() => {
      if (closed || spares.has(runtime) || count() >= maxSandboxes) return;
      const spare = open(runtime);
      spares.set(runtime, spare);
      spare.then(
        (sandbox) => {
          sandbox.boot();
          void sandbox.gone.then(() => forgetSpare(runtime, spare));
        },
        () => forgetSpare(runtime, spare),
      );
    }, delayMs);
    spareTimer.unref();
  }

  return {
    get size() {
      return count();
    },
    async use(tool, work) {
      const { entry, opened } = await claim(tool);
      try {
        return await work(await entry.sandbox, opened);
      } finally {
        entry.users -= 1;
        if (opened) planSpare(tool.program.runtime);
        wakeAll();
      }
    },
    async lease(tool) {
      // No instance is made beside the session's own.
      const sandbox = await bind(tool, takeSpare(tool.program.runtime), 0);
      planSpare(tool.program.runtime);
      return sandbox;
    },
    async close() {
      closed = true;
      clearTimeout(spareTimer);
      wakeAll();
      const all = [...entries.values()].map(({ sandbox }) => sandbox);
      await Promise.allSettled([...all, ...spares.values()].map((made) => made.then((sandbox) => sandbox.close())));
    },
  };
}
