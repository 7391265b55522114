/** An instance: one fresh worker that is booted, bound and then runs one invocation. */
import type { GuestFile, GuestProgram } from "../../protocol/guest-program.ts";
import type { HostAnswerMessage } from "../../protocol/host-calls.ts";
import { readStorageChanges } from "../../protocol/storage.ts";
import {
  type FromWorker,
  type GuestAssets,
  GUEST_FAILURE_CODES,
  type GuestFailureCode,
  type GuestMeasures,
  type RunEnd,
  type ToWorker,
} from "../../protocol/worker-messages.ts";

export interface RunHandlers {
  onOutput(stdout: Uint8Array, stderr: Uint8Array): void;
  /** A message of a host call, its shape not yet checked. */
  onCall(message: unknown, bytes: Uint8Array | undefined): void;
  /** False where the changes are not to be had, which ends the run. */
  onChanges(changes: FoundChanges): boolean;
  onEnd(end: RunEnd): void;
}

export type FoundChanges = Extract<FromWorker, { type: "changes" }>;
export type RunCall = Omit<Extract<ToWorker, { type: "run" }>, "type" | "interrupts"> & { readonly session: boolean };

/** SIGINT, where Pyodide looks for a signal's number. */
const INTERRUPT_SIGNAL = 2;

export interface Instance {
  /** Rejects when the program cannot be loaded or the worker has died. */
  bind(program: GuestProgram): Promise<void>;
  run(call: RunCall, handlers: RunHandlers): void;
  /** Asks a session's program to stop: what it waits for, and what it is busy with. */
  interrupt(): void;
  /** Hands the worker what the host answers to a call. */
  answer(message: HostAnswerMessage, bytes?: Uint8Array): void;
  /** The bytecode of modules of packages; of an instance that is not bound. Rejects when the worker has died. */
  compile(files: readonly GuestFile[]): Promise<readonly GuestFile[]>;
  /** Stops whatever the worker does, at once. */
  terminate(): void;
}

/** Starts a worker and boots the runtime in it. */
export async function startInstance(
  workerUrl: string,
  assets: Promise<GuestAssets>,
  maxMemoryBytes: number,
): Promise<Instance> {
  const worker = new Worker(workerUrl, { type: "module" });
  const post = (message: ToWorker, transfer: Transferable[] = []): void => worker.postMessage(message, transfer);
  let interrupts: SharedArrayBuffer | undefined;
  try {
    // The worker's script is loaded while they come.
    const message: ToWorker = { type: "boot", assets: await assets, maxMemoryBytes };
    await expectMessage(worker, "booted", () => post(message));
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return {
    bind: async (program) => void (await expectMessage(worker, "bound", () => post({ type: "bind", program }))),
    run({ session, ...call }, handlers) {
      listen(worker, handlers);
      if (session) interrupts = new SharedArrayBuffer(4);
      post({ type: "run", ...call, ...(interrupts && { interrupts }) }, [
        call.input.buffer,
        ...call.storage.map(({ contents }) => contents.buffer as ArrayBuffer),
      ]);
    },
    interrupt() {
      if (interrupts) new Int32Array(interrupts).fill(INTERRUPT_SIGNAL);
      post({ type: "interrupt" });
    },
    answer: (message, bytes) => post({ type: "host-answer", message, ...(bytes && { bytes: bytes.slice() }) }),
    compile: async (files) => (await expectMessage(worker, "compiled", () => post({ type: "compile", files }))).files,
    terminate: () => worker.terminate(),
  };
}

function listen(worker: Worker, { onOutput, onCall, onChanges, onEnd }: RunHandlers): void {
  let ended = false;
  const end = (how: RunEnd): void => {
    if (ended) return;
    ended = true;
    onEnd(how);
  };
  worker.onmessage = (event: MessageEvent<unknown>) => {
    if (ended) return;
    const message = toRunMessage(event.data);
    if (message?.type === "output") onOutput(message.stdout, message.stderr);
    else if (message?.type === "host-call") onCall(message.message, message.bytes);
    else if (message && message.type !== "changes") end(message);
    else if (!message || !onChanges(message)) end(foreignMessage());
  };
  worker.onerror = (event) => {
    event.preventDefault();
    end(failure("execution_failed", event.message || "the tool's worker crashed"));
  };
}

/** Sends something to the worker and waits for its one answer. */
export function expectMessage<Type extends FromWorker["type"]>(
  worker: Worker,
  type: Type,
  send: () => void,
): Promise<Extract<FromWorker, { type: Type }>> {
  return new Promise((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<FromWorker>) => {
      const message = event.data;
      if (message.type === type) resolve(message as Extract<FromWorker, { type: Type }>);
      else reject(new Error(message.type === "failed" ? message.message : `expected "${type}", not "${message.type}"`));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message || "the worker's script did not load"));
    };
    send();
  });
}

type RunMessage =
  | FoundChanges
  | Extract<FromWorker, { type: "output" | "exited" | "failed" }>
  | { readonly type: "host-call"; readonly message: unknown; readonly bytes: Uint8Array | undefined };

/** A message of a running worker, or undefined when its shape is wrong: by now the guest may have sent it. */
function toRunMessage(data: unknown): RunMessage | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { type, stdout, stderr, exitCode, value, modules, code, message, bytes, ...others } = data as Record<
    string,
    unknown
  >;
  if (type === "host-call") {
    return bytes === undefined || bytes instanceof Uint8Array ? { type, message, bytes } : undefined;
  }
  if (type === "changes") return toChanges(data);
  if (!(stdout instanceof Uint8Array) || !(stderr instanceof Uint8Array)) return undefined;
  if (type === "output") return { type, stdout, stderr };
  if (type === "exited" && isExitCode(exitCode) && (value === undefined || value instanceof Uint8Array)) {
    return {
      type,
      exitCode,
      stdout,
      stderr,
      ...(value !== undefined && { value }),
      ...(isPathList(modules) && { modules }),
      ...toMeasures(others),
    };
  }
  if (type === "failed" && isFailureCode(code) && typeof message === "string") {
    return { type, code, message, stdout, stderr, ...toMeasures(others) };
  }
  return undefined;
}

function toChanges(data: object): FoundChanges | undefined {
  const { changes, contents } = data as Record<string, unknown>;
  if (!(contents instanceof Uint8Array)) return undefined;
  const read = readStorageChanges(changes, contents.length);
  return read && { type: "changes", changes: read, contents };
}

function isPathList(paths: unknown): paths is readonly string[] {
  return Array.isArray(paths) && paths.every((path) => typeof path === "string");
}

function isExitCode(exitCode: unknown): exitCode is number {
  return Number.isInteger(exitCode) && Number(exitCode) >= 0 && Number(exitCode) <= 255;
}

function isFailureCode(code: unknown): code is GuestFailureCode {
  return GUEST_FAILURE_CODES.some((known) => known === code);
}

function foreignMessage(): RunEnd {
  return failure("runtime_policy_invalid", "the tool sent a message that is none of its runtime's");
}

function toMeasures({ peakMemoryBytes, fuel }: Record<string, unknown>): GuestMeasures {
  return {
    ...(typeof peakMemoryBytes === "number" && { peakMemoryBytes }),
    ...(typeof fuel === "number" && { fuel }),
  };
}

function failure(code: GuestFailureCode, message: string): RunEnd {
  return { type: "failed", code, message, stdout: new Uint8Array(0), stderr: new Uint8Array(0) };
}
