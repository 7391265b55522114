/** Runs invocations: keeps instances ready, gives each run one of its own, and destroys it at the end. */
import type { GuestProgram } from "../../protocol/guest-program.ts";
import type { HostAnswerMessage } from "../../protocol/host-calls.ts";
import type { FromPage, ToPage } from "../../protocol/page-messages.ts";
import type { LoadedStorage } from "../../protocol/storage.ts";
import type { GuestAssets, GuestLimits, RunEnd } from "../../protocol/worker-messages.ts";
import { createBytecode } from "./bytecode.ts";
import { createCallGate } from "./call-gate.ts";
import { createInstancePool } from "./instance-pool.ts";
import { type Instance, startInstance } from "./instance.ts";
import { createOutputGate, tooLarge } from "./output-gate.ts";

export interface RunnerOptions {
  workerUrl: string;
  assets: Promise<GuestAssets>;
  /** What instances may hold until a tool is bound that has another limit. */
  maxMemoryBytes: number;
  send(message: FromPage, parts?: readonly Uint8Array[]): void;
}

export interface Runner {
  /** Gives the sandbox to a tool. Instances that were made before are bound to it where its limits allow. */
  bind(program: Promise<GuestProgram>, limits: GuestLimits): void;
  keepReady(instances: number): void;
  /** Parts: the input, and the contents of each granted folder. */
  run(message: RunMessage, parts: readonly Uint8Array[]): void;
  /** Hands a run what the host answers to a call of it; nothing where the run is over. */
  answer(id: string, message: HostAnswerMessage, bytes?: Uint8Array): void;
  stop(id: string): void;
  /** Asks a session's run to end by itself, and stops it where it has not within `graceMs`. */
  interrupt(id: string, graceMs: number): void;
  /** Destroys the session's instance. */
  reset(): void;
}

export type RunMessage = Extract<ToPage, { type: "run" }>;

const MALFORMED_CALL = "the tool made a call to the host that is none of its runtime's";
const NOTHING = new Uint8Array(0);

export function createRunner({ workerUrl, assets, maxMemoryBytes, send }: RunnerOptions): Runner {
  const stops = new Map<string, () => void>();
  const answers = new Map<string, (message: HostAnswerMessage, bytes?: Uint8Array) => void>();
  let program: Promise<GuestProgram> | undefined;
  /** The same, once it is there. */
  let bound: GuestProgram | undefined;
  let limits: GuestLimits = { maxMemoryBytes, maxOutputBytes: 0 };

  /** An unbound instance that waits for a tool, made before there is one. */
  let spare: Promise<Instance> | undefined;
  /** The instance of the sandbox's session, between its runs. */
  let kept: Instance | undefined;
  const interrupts = new Map<string, () => void>();

  async function takeInstance(isSession: boolean): Promise<{ instance: Instance; waited: boolean }> {
    if (!isSession || !kept) return pool.take();
    const instance = kept;
    kept = undefined;
    return { instance, waited: false };
  }

  function stop(id: string): void {
    const stopRun = stops.get(id);
    if (!stopRun) return;
    stops.delete(id);
    stopRun();
    send({ type: "stopped", id });
  }

  const pool = createInstancePool(async () => {
    const made = spare ?? startInstance(workerUrl, assets, limits.maxMemoryBytes);
    spare = undefined;
    const instance = await made;
    if (program) await instance.bind(await program);
    return instance;
  });

  const bytecode = createBytecode({
    start: () => startInstance(workerUrl, assets, limits.maxMemoryBytes),
    isBusy: () => stops.size > 0,
    onMade(made, given) {
      if (bound !== given) return;
      bound = made;
      program = Promise.resolve(made);
      pool.renew((instance) => instance.terminate());
    },
  });

  async function run(message: RunMessage, [input = NOTHING, ...contents]: readonly Uint8Array[]): Promise<void> {
    const { id, environment, session = false } = message;
    const storage = loadStorage(message, contents);
    let changesLeft = storage.reduce((total, { access, maxBytes }) => total + (access === "write" ? maxBytes : 0), 0);
    let stopped = false;
    stops.set(id, () => void (stopped = true));
    const gate = createOutputGate(id, limits.maxOutputBytes, send);
    let taken;
    try {
      taken = await takeInstance(session);
    } catch (error) {
      if (!stopped) gate.end(notStarted(error), true);
      stops.delete(id);
      return;
    }
    const { instance, waited } = taken;
    if (stopped) return instance.terminate();

    const calls = createCallGate(id, send);
    answers.set(id, (answer, bytes) => {
      if (calls.admit(answer)) instance.answer(answer, bytes);
    });
    const close = (end?: RunEnd): void => {
      stops.delete(id);
      answers.delete(id);
      interrupts.delete(id);
      if (session && end?.type === "exited") kept = instance;
      else instance.terminate();
      pool.refill();
    };
    stops.set(id, close);
    if (session) interrupts.set(id, () => instance.interrupt());
    const ran = bound;
    const end = (how: RunEnd): void => {
      // The result first: what comes after it is not the caller's to wait for.
      gate.end(how, waited);
      close(how);
      if (ran && how.type === "exited" && how.modules) bytecode.plan(ran, how.modules);
    };
    instance.run(
      // A copy: a view would drag the whole frame along into the worker.
      {
        input: new Uint8Array(input),
        environment,
        maxOutputBytes: limits.maxOutputBytes,
        storage,
        session,
        ...(ran && bytecode.isWanted(ran) && { listsModules: true }),
      },
      {
        onEnd: end,
        onCall: (call, bytes) => {
          if (!calls.pass(call, bytes)) end(failed("runtime_policy_invalid", MALFORMED_CALL));
        },
        onChanges: ({ changes, contents: written }) => {
          // Once, and no more than the folders may hold: the worker's own check is the guest's word.
          if (written.length > changesLeft) return false;
          changesLeft = -1;
          send({ type: "changes", id, changes }, [written]);
          return true;
        },
        onOutput: (stdout, stderr) => {
          if (!gate.pass(stdout, stderr)) end(failed("output_too_large", tooLarge(limits.maxOutputBytes)));
        },
      },
    );
    send({ type: "started", id });
  }

  return {
    bind(boundProgram, boundLimits) {
      program = boundProgram;
      boundProgram.then(
        (read) => (bound = read),
        // A program that cannot be read is told by each run.
        () => undefined,
      );
      if (boundLimits.maxMemoryBytes !== limits.maxMemoryBytes) {
        void spare?.then((instance) => instance.terminate());
        spare = undefined;
      }
      limits = boundLimits;
    },
    keepReady(instances) {
      if (program) return pool.keep(instances);
      spare ??= startInstance(workerUrl, assets, limits.maxMemoryBytes);
      spare.then(
        () => send({ type: "booted" }),
        (error: unknown) =>
          send({ type: "boot-failed", message: error instanceof Error ? error.message : String(error) }),
      );
    },
    run: (message, parts) => void run(message, parts),
    answer: (id, message, bytes) => answers.get(id)?.(message, bytes),
    stop,
    interrupt(id, graceMs) {
      const interrupt = interrupts.get(id);
      // Not begun yet: there is nothing that could end by itself.
      if (!interrupt) return stop(id);
      interrupt();
      setTimeout(() => stop(id), graceMs);
    },
    reset() {
      kept?.terminate();
      kept = undefined;
    },
  };
}

/** Copies: a view would drag the whole frame along into the worker. */
function loadStorage({ storage }: RunMessage, contents: readonly Uint8Array[]): LoadedStorage[] {
  return storage.map((image, index) => ({ ...image, contents: contents[index]?.slice() ?? new Uint8Array(0) }));
}

function notStarted(error: unknown): RunEnd {
  return failed(
    "execution_failed",
    `the tool could not be loaded: ${error instanceof Error ? error.message : String(error)}`,
  );
}

function failed(code: Extract<RunEnd, { type: "failed" }>["code"], message: string): RunEnd {
  return { type: "failed", code, message, stdout: NOTHING, stderr: NOTHING };
}
