/** The invoker that runs programs in sandboxed headless Chromium: here is the life of a run, stage by stage. */
import {
  type Invoker,
  type InvokerSession,
  type OutcomeCode,
  PocketError,
  type ProgressEvent,
  type RunnableTool,
  type RunRequest,
  type RunResult,
} from "@toolpocket/core";
import { createKeepAlive } from "./keep-alive.ts";
import type { NetworkEnvironment, ToolNetworks } from "./network/tool-networks.ts";
import { sizeByMachine } from "./machine-size.ts";
import type { NetworkLimits } from "./network/network-limits.ts";
import { type ModuleCache, NO_MODULE_CACHE } from "./program/module-cache.ts";
import { createPacker, type Packer } from "./program/pack-ahead.ts";
import { endBundler } from "./program/pack-program.ts";
import { RefusedProgram } from "./program/refused-program.ts";
import type { Sandbox } from "./sandbox/sandbox.ts";
import { createSandboxSession } from "./sandbox/sandbox-session.ts";
import { createSandboxPool, type SandboxPool } from "./sandbox/sandbox-pool.ts";
import { type SandboxHost, startSandboxHost } from "./sandbox/sandbox-host.ts";
import { createMemorySnapshotStore, type SnapshotStore } from "./snapshot/python-snapshot.ts";
import { createTurnstile } from "./turnstile.ts";

/** Runs that may wait for their turn, for one tool. */
export const DEFAULT_MAX_QUEUE = 1_000;

export interface WasmInvokerOptions {
  /** Path of Chromium or Chrome. @defaultValue see find-browser.ts */
  executablePath?: string;
  /** Largest number of live sandboxes; the least recently used goes. @defaultValue by the machine's memory, 2 to 16 */
  maxSandboxes?: number;
  /** Runs of one tool at the same time; more wait their turn. @defaultValue twice the machine's cores */
  maxConcurrentRuns?: number;
  /** Runs of one tool that may wait; more are refused as `overloaded`. @defaultValue 1000 */
  maxQueue?: number;
  /** Sessions that may be open at the same time; more are refused. @defaultValue by the machine's memory, 4 to 32 */
  maxSessions?: number;
  /** Instances that wait in each sandbox. @defaultValue 1; 2 with eight cores and 32 GB or more */
  readyInstances?: number;
  /** Whether a spare sandbox is kept for the next tool. @defaultValue true */
  keepSpare?: boolean;
  /** What each run may ask of the network it was granted. @defaultValue the `DEFAULT_…` of network-limits.ts */
  networkLimits?: NetworkLimits;
  /** Where the python runtime's memory snapshot is kept. @defaultValue in memory */
  snapshots?: SnapshotStore;
  /** Where metered modules are kept. @defaultValue nowhere */
  modules?: ModuleCache;
  onProgress?: (event: ProgressEvent) => void;
}

/** Starts nothing: the browser starts with the first run, or with `warm()`. */
export function createWasmInvoker(options: WasmInvokerOptions = {}): Invoker {
  return createInvokerOn({}, options);
}

/** As `createWasmInvoker`, on another internet: for tests. */
export function createInvokerOn(environment: NetworkEnvironment, options: WasmInvokerOptions = {}): Invoker {
  let networks: Promise<ToolNetworks> | undefined;
  const openNetworks = (): Promise<ToolNetworks> =>
    (networks ??= import("./network/tool-networks.ts").then(({ createToolNetworks }) =>
      createToolNetworks(environment, options.networkLimits ?? {}),
    ));
  const resolved = resolveOptions(options);
  const packer = createPacker(resolved.modules);
  const turns = createTurnstile(resolved.maxConcurrentRuns, resolved.maxQueue);
  const keepAlive = createKeepAlive();
  let stage: Promise<Stage> | undefined;
  /** The stage, once it has started. */
  let live: Stage | undefined;
  let closing: Promise<void> | undefined;
  const sessions = new Set<InvokerSession>();

  /** Host and pool; started again where the browser has died. */
  function prepareStage(): Promise<Stage> {
    if (closing) throw closedError();
    if (stage) return stage;
    const starting = startStage(resolved, { packer, onStarted: () => void openNetworks() });
    stage = starting;
    void starting.then((started) => (live = started)).catch(() => undefined);
    const forget = (): void => {
      if (stage === starting) stage = live = undefined;
    };
    starting.then(({ host }) => host.gone.then(forget), forget);
    return starting;
  }

  async function runInStage(tool: RunnableTool, request: RunRequest): Promise<RunResult> {
    const used = await prepareStage();
    try {
      return await used.pool.use(tool, (sandbox, opened) => sandbox.run(tool, request, opened));
    } catch (error) {
      // The browser was dying when this run came: the run itself has not begun, and gets another browser.
      if (!used.over || closing || request.signal?.aborted) throw error;
      const { pool } = await prepareStage();
      return pool.use(tool, (sandbox, opened) => sandbox.run(tool, request, opened));
    }
  }

  /** Runs it with a broker of its own, which ends with it. */
  async function runOnNetwork(tool: RunnableTool, request: RunRequest): Promise<RunResult> {
    // First, because the network is loaded while the browser starts, and what takes long to pack is packed.
    const starting = prepareStage();
    if (live === undefined) packer.begin(tool);
    await starting;
    const network = (await openNetworks()).open(tool, request);
    try {
      return network.finish(await runInStage(tool, { ...request, services: network.services }));
    } finally {
      network.close();
    }
  }

  /** A sandbox for a session, on a browser that lives. */
  async function lease(tool: RunnableTool): Promise<Sandbox> {
    const used = await prepareStage();
    try {
      return await used.pool.lease(tool);
    } catch (error) {
      if (!used.over || closing) throw error;
      return (await prepareStage()).pool.lease(tool);
    }
  }

  /** A session's runs each have a broker of their own, which ends with the run. */
  function onNetwork(tool: RunnableTool, session: InvokerSession): InvokerSession {
    return {
      ...session,
      async run(request) {
        await prepareStage();
        const network = (await openNetworks()).open(tool, request);
        try {
          const result = await session.run({ ...request, services: network.services });
          return { ...network.finish(result), isFresh: result.isFresh };
        } finally {
          network.close();
        }
      },
      async close() {
        await Promise.all([session.close(), networks?.then((opened) => opened.forget(tool))]);
      },
    };
  }

  /** The program waits for its runs and its end, and for nothing else of it. */
  function held(session: InvokerSession): InvokerSession {
    return {
      ...session,
      run: (request) => keepAlive(() => session.run(request)),
      close: () => keepAlive(() => session.close()),
    };
  }

  async function endAll(): Promise<void> {
    await Promise.all([...sessions].map((session) => session.close()));
    const started = await stage?.catch(() => undefined);
    await started?.close();
    await (await networks)?.close();
    await endBundler();
  }

  async function runInTurn(tool: RunnableTool, request: RunRequest): Promise<RunResult> {
    const turn = await turns.enter(tool.id, request.signal);
    if (!turn) return overloaded(resolved.maxQueue);
    try {
      return await orAborted(runOnNetwork(tool, request), request.signal);
    } catch (error) {
      if (error instanceof RefusedProgram) return refused(error);
      if (closing && !request.signal?.aborted) throw closedError(error);
      throw error;
    } finally {
      turn.leave();
    }
  }

  return {
    run: (tool, request) => keepAlive(() => runInTurn(tool, request)),

    warm(tool) {
      const prepare = async (): Promise<void> => (await prepareStage()).pool.use(tool, async () => undefined);
      // What goes wrong here goes wrong again in run(), which tells.
      void prepare().catch(() => undefined);
    },

    openSession(tool) {
      if (closing) throw closedError();
      if (sessions.size >= resolved.maxSessions) throw tooManySessions(resolved.maxSessions);
      const session = createSandboxSession({
        tool,
        lease: () => lease(tool),
        release: () => void sessions.delete(session),
      });
      sessions.add(session);
      return held(onNetwork(tool, session));
    },

    stats() {
      const { inside, waiting } = turns.count();
      return { sandboxes: (live?.pool.size ?? 0) + sessions.size, running: inside, waiting };
    },

    close() {
      closing ??= keepAlive(endAll);
      return closing;
    },
  };
}

/** Rejects with the signal's reason at once, also while browser or sandbox are still being started. */
async function orAborted<Value>(work: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return work;
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
    work.catch(() => undefined);
  }
}

interface Stage {
  readonly host: SandboxHost;
  readonly pool: SandboxPool;
  /** Whether the browser is gone. */
  readonly over: boolean;
  close(): Promise<void>;
}

interface StageParts {
  readonly packer: Packer;
  readonly onStarted: () => void;
}

async function startStage(
  options: ReturnType<typeof resolveOptions>,
  { packer, onStarted }: StageParts,
): Promise<Stage> {
  const host = await startSandboxHost({ ...options, onStarted });
  const pool = createSandboxPool({
    ...options,
    open: host.openSandbox,
    pack: packer.pack,
  });
  let over = false;
  void host.gone.then(() => {
    over = true;
    return host.close();
  });
  return {
    host,
    pool,
    get over() {
      return over;
    },
    close: async () => void (await Promise.all([pool.close(), host.close()])),
  };
}

function closedError(cause?: unknown): PocketError {
  return new PocketError("ERR_POCKET_CLOSED", "the invoker is closed", { hint: "create a new Pocket", cause });
}

function resolveOptions(options: WasmInvokerOptions) {
  const size = sizeByMachine();
  return {
    executablePath: options.executablePath,
    maxSandboxes: options.maxSandboxes ?? size.maxSandboxes,
    maxSessions: options.maxSessions ?? size.maxSessions,
    maxConcurrentRuns: options.maxConcurrentRuns ?? size.maxConcurrentRuns,
    maxQueue: options.maxQueue ?? DEFAULT_MAX_QUEUE,
    readyInstances: options.readyInstances ?? size.readyInstances,
    keepSpare: options.keepSpare ?? true,
    snapshots: options.snapshots ?? createMemorySnapshotStore(),
    modules: options.modules ?? NO_MODULE_CACHE,
    onProgress: options.onProgress ?? (() => undefined),
  } as const;
}

function tooManySessions(maxSessions: number): PocketError {
  return new PocketError("ERR_POCKET_SESSION_LIMIT", `${maxSessions} sessions are open already, as many as may be`, {
    hint: "close a session, or give the invoker a larger `maxSessions`",
    details: { maxSessions },
  });
}

function overloaded(maxQueue: number): RunResult {
  return notRun("overloaded", `${maxQueue} calls of this tool are waiting already`);
}

function refused({ code, message }: RefusedProgram): RunResult {
  return notRun(code, message);
}

function notRun(code: OutcomeCode, message: string): RunResult {
  return { kind: "failed", code, message, stdout: new Uint8Array(0), stderr: new Uint8Array(0), coldStart: false };
}
