/** The worker's end of the door to the host: calls of services, with bodies that flow both ways. */
import {
  type GuestCallMessage,
  type HostAnswerMessage,
  INITIAL_CREDIT_BYTES,
  MAX_CALLS,
  MAX_CHUNK_BYTES,
  MAX_OPEN_CALLS,
  MAX_REQUEST_CHARACTERS,
} from "../../protocol/host-calls.ts";
import { createAnswerBody } from "./answer-body.ts";

export interface HostCallOptions {
  /** Follows the request; a stream is read no faster than the host takes it. */
  readonly body?: ReadableStream<Uint8Array> | Uint8Array | undefined;
  /** Gives the call up: what waits for it fails with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface HostReply {
  /** The JSON value that the service answers. */
  readonly answer: unknown;
  /** What follows it, at the pace of its reader; empty where nothing does. */
  readonly body: ReadableStream<Uint8Array>;
}

/**
 * Calls `service` with `request`, a JSON value.
 * @throws HostCallFailure when the service refuses or fails, also in the middle of its body.
 */
export type CallHost = (service: string, request: unknown, options?: HostCallOptions) => Promise<HostReply>;

export interface HostCaller {
  readonly callHost: CallHost;
  /** Takes what the host answers. */
  receive(message: HostAnswerMessage, bytes?: Uint8Array): void;
  /** A run begins: it may make as many calls as any, and those of the run before are given up. */
  begin(): void;
  /** Gives up all calls that are open or wait. */
  giveUp(): void;
}

/** What the host refuses or fails to do. */
export class HostCallFailure extends Error {
  override readonly name = "HostCallFailure";
  /** As the service chose it, for example "denied" or "unreachable"; "internal" where it did not. */
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface OpenCall {
  readonly reply: PromiseWithResolvers<HostReply>;
  readonly body: ReturnType<typeof createAnswerBody>;
  /** Bytes that may still be sent. */
  credit: number;
  onCredit: () => void;
  /** Ends the call on this side. */
  close(): void;
}

/** @param post sends to the page; a chunk is handed over, not copied */
export function createHostCaller(post: (message: GuestCallMessage, bytes?: Uint8Array) => void): HostCaller {
  const open = new Map<number, OpenCall>();
  const waiting: (() => void)[] = [];
  let last = 0;
  let calls = 0;
  let entered = 0;
  let ending = new AbortController();

  async function enter(): Promise<void> {
    if (entered < MAX_OPEN_CALLS) entered += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else entered -= 1;
  }

  function start(call: number, signal: AbortSignal | undefined): OpenCall {
    const cancel = (reason: unknown): void => {
      if (!open.has(call)) return;
      post({ type: "call-cancel", call });
      fail(opened, reason);
    };
    const onAbort = (): void => cancel(signal?.reason);
    const opened: OpenCall = {
      reply: Promise.withResolvers<HostReply>(),
      body: createAnswerBody({
        onRead: (bytes) => open.has(call) && post({ type: "call-credit", call, bytes }),
        onCancel: () => cancel(new HostCallFailure("cancelled", "the answer was given up")),
      }),
      credit: INITIAL_CREDIT_BYTES,
      onCredit: () => undefined,
      close() {
        if (!open.delete(call)) return;
        signal?.removeEventListener("abort", onAbort);
        opened.onCredit();
        leave();
      },
    };
    open.set(call, opened);
    signal?.addEventListener("abort", onAbort, { once: true });
    return opened;
  }

  function fail(opened: OpenCall, error: unknown): void {
    opened.close();
    opened.reply.reject(error);
    opened.body.fail(error);
  }

  async function sendChunk(call: number, opened: OpenCall, chunk: Uint8Array): Promise<void> {
    for (let offset = 0; offset < chunk.length && open.has(call);) {
      if (opened.credit === 0) {
        await new Promise<void>((resolve) => (opened.onCredit = resolve));
        continue;
      }
      const bytes = chunk.slice(offset, offset + Math.min(opened.credit, MAX_CHUNK_BYTES));
      opened.credit -= bytes.length;
      offset += bytes.length;
      post({ type: "call-data", call, isLast: false }, bytes);
    }
  }

  async function sendBody(call: number, opened: OpenCall, body: ReadableStream<Uint8Array>): Promise<void> {
    const reader = body.getReader();
    try {
      for (let part = await reader.read(); !part.done && open.has(call); part = await reader.read()) {
        if (!(part.value instanceof Uint8Array)) throw new TypeError("a body is made of bytes");
        await sendChunk(call, opened, part.value);
      }
      if (open.has(call)) post({ type: "call-data", call, isLast: true }, new Uint8Array(0));
      else await reader.cancel();
    } catch (error) {
      if (!open.has(call)) return;
      post({ type: "call-cancel", call });
      fail(opened, error);
    }
  }

  return {
    async callHost(service, request, { body, signal: given } = {}) {
      const signal = given ? AbortSignal.any([given, ending.signal]) : ending.signal;
      signal.throwIfAborted();
      const text = JSON.stringify(request);
      if (text.length > MAX_REQUEST_CHARACTERS) {
        throw new HostCallFailure("too_large", `a request may have ${MAX_REQUEST_CHARACTERS} characters`);
      }
      await enter();
      if (signal.aborted || calls === MAX_CALLS) {
        leave();
        signal.throwIfAborted();
        throw new HostCallFailure("too_many", `a tool may call its host ${MAX_CALLS} times`);
      }
      calls += 1;
      const call = (last += 1);
      const opened = start(call, signal);
      post({ type: "call", call, service, request: text, hasBody: body !== undefined });
      if (body) void sendBody(call, opened, body instanceof Uint8Array ? streamOf(body) : body);
      return opened.reply.promise;
    },

    begin() {
      this.giveUp();
      ending = new AbortController();
      calls = 0;
    },

    giveUp: () => ending.abort(new HostCallFailure("cancelled", "the run has ended")),

    receive(message, bytes) {
      const opened = open.get(message.call);
      if (!opened) return;
      switch (message.type) {
        case "answer":
          if (!message.hasBody) opened.close();
          opened.reply.resolve({ answer: JSON.parse(message.answer), body: opened.body.stream });
          return message.hasBody ? undefined : opened.body.end();
        case "answer-data":
          if (bytes && bytes.length > 0) opened.body.add(bytes as Uint8Array<ArrayBuffer>);
          if (!message.isLast) return;
          opened.close();
          return opened.body.end();
        case "answer-credit":
          opened.credit += message.bytes;
          return opened.onCredit();
        case "answer-failed":
          return fail(opened, new HostCallFailure(message.code, message.message));
      }
    },
  };
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
}
