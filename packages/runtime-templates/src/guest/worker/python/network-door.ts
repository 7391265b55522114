/** Python's side of the door: calls of the host as the files of network/ make them, one method for each step. */
import type { CallHost } from "../host-calls.ts";
import { HostCallFailure } from "../host-calls.ts";

/** What the host says next of a call: JSON text of its answer or failure, bytes, undefined at the end, false when it is late. */
type Part = string | Uint8Array | undefined | false;

export interface PythonCall {
  write(bytes: Uint8Array): void;
  /** Resolves when the host has room for more of the body, or has answered already. */
  room(): Promise<void>;
  /** The body is complete. */
  finish(): void;
  /** Waits `timeoutMs` for the next part, or without end where it is negative; what comes later is next again. */
  next(timeoutMs: number): Promise<Part>;
  cancel(): void;
}

/** Bytes of a body that wait for the host before the program has to. */
const WAITING_BYTES = 1_048_576;
const startTimer = setTimeout.bind(globalThis);
const stopTimer = clearTimeout.bind(globalThis);

export function createNetworkDoor(callHost: CallHost): (request: string, hasBody: boolean) => PythonCall {
  return (request, hasBody) => {
    const abort = new AbortController();
    const body = hasBody ? createBody() : undefined;
    const answered = callHost("fetch", JSON.parse(request), { body: body?.stream, signal: abort.signal });
    // A failure ends the sending too; what it is, next() tells.
    answered.catch(() => body?.release());
    let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
    let pending: Promise<Part> | undefined;

    async function step(): Promise<Part> {
      try {
        if (reader) return (await reader.read()).value;
        const { answer, body: stream } = await answered;
        reader = stream.getReader();
        return JSON.stringify({ answer });
      } catch (error) {
        const [code, message] =
          error instanceof HostCallFailure ? [error.code, error.message] : ["internal", String(error)];
        return JSON.stringify({ failure: [code, message] });
      }
    }

    async function next(timeoutMs: number): Promise<Part> {
      pending ??= step();
      const part = timeoutMs < 0 ? await pending : await orLate(pending, timeoutMs);
      if (part !== false) pending = undefined;
      return part;
    }

    return {
      write: (bytes) => body?.add(bytes),
      room: async () => body?.room(),
      finish: () => body?.end(),
      next,
      cancel: () => abort.abort(),
    };
  };
}

async function orLate(part: Promise<Part>, timeoutMs: number): Promise<Part> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => {
    timer = startTimer(() => resolve(false), timeoutMs);
  });
  try {
    return await Promise.race([part, late]);
  } finally {
    stopTimer(timer);
  }
}

function createBody() {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  let onRoom = (): void => undefined;
  let released = false;
  const stream = new ReadableStream<Uint8Array>(
    {
      start: (made) => void (controller = made),
      pull: () => onRoom(),
      cancel: () => release(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: WAITING_BYTES }),
  );
  /** Nobody reads on: what is still written goes nowhere. */
  function release(): void {
    released = true;
    onRoom();
  }
  return {
    stream,
    release,
    add: (bytes: Uint8Array) => {
      if (!released) controller.enqueue(bytes);
    },
    async room(): Promise<void> {
      // The stream asks for more as soon as there is room.
      if (!released && (controller.desiredSize ?? 1) <= 0) await new Promise<void>((resolve) => (onRoom = resolve));
    },
    end: () => {
      if (!released) controller.close();
    },
  };
}
