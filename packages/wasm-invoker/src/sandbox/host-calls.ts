/** The host's end of the door: takes the calls of one run, dispatches them to services, and ends them with the run. */
import { HostCallError, type HostAnswer, type HostService, type JsonValue } from "@toolpocket/core";
import {
  type GuestCallMessage,
  type HostAnswerMessage,
  INITIAL_CREDIT_BYTES,
  MAX_CALLS,
  MAX_CHUNK_BYTES,
  MAX_OPEN_CALLS,
} from "@toolpocket/runtime-templates";
import { createCallBody, type CallBody } from "./call-body.ts";

export interface HostCalls {
  /** Takes a message of the guest, its shape checked. False where it breaks the protocol: the run is to be ended. */
  receive(message: GuestCallMessage, chunk: Uint8Array | undefined): boolean;
  /** Aborts what is under way and answers nothing more. Idempotent. */
  end(): void;
}

export interface HostCallsOptions {
  services: Readonly<Record<string, HostService>>;
  send(message: HostAnswerMessage, chunk?: Uint8Array): void;
  /** Holds the clock of the run; absent where it cannot be held. */
  holdClock?: () => () => void;
}

interface OpenCall {
  readonly abort: AbortController;
  readonly body: CallBody;
  /** Bytes of the answer that may be sent. */
  credit: number;
  /** Chunks of the answer that were sent and not yet read. */
  unreadChunks: number;
  onCredit: () => void;
}

/** Services never throw into the host: what goes wrong in one is told to the guest, and only what it may know. */
export function createHostCalls({ services, send, holdClock }: HostCallsOptions): HostCalls {
  const open = new Map<number, OpenCall>();
  let last = 0;
  let calls = 0;
  let ended = false;

  function close(call: number, reason: unknown): void {
    const opened = open.get(call);
    if (!opened) return;
    open.delete(call);
    opened.abort.abort(reason);
    opened.onCredit();
  }

  function start({ call, service, request, hasBody }: Extract<GuestCallMessage, { type: "call" }>): boolean {
    calls += 1;
    if (call <= last || open.size === MAX_OPEN_CALLS || calls > MAX_CALLS) return false;
    last = call;
    const parsed = parseJson(request);
    if (parsed === undefined) return false;
    const abort = new AbortController();
    const body = createCallBody({
      hasBody,
      signal: abort.signal,
      onRead: (bytes) => open.has(call) && send({ type: "answer-credit", call, bytes }),
    });
    const opened: OpenCall = { abort, body, credit: INITIAL_CREDIT_BYTES, unreadChunks: 0, onCredit: () => undefined };
    open.set(call, opened);
    void serve(call, opened, service, parsed);
    return true;
  }

  async function serve(call: number, opened: OpenCall, name: string, request: JsonValue): Promise<void> {
    try {
      const service = Object.hasOwn(services, name) ? services[name] : undefined;
      if (!service) throw new HostCallError("unsupported", `the host has no service "${name}"`);
      const answer = await service({
        request,
        body: opened.body.chunks,
        signal: opened.abort.signal,
        ...(holdClock && { holdClock }),
      });
      await sendAnswer(call, opened, answer);
    } catch (error) {
      if (!open.has(call)) return;
      const known = error instanceof HostCallError;
      const code = known ? error.code : "internal";
      send({
        type: "answer-failed",
        call,
        code,
        message: known ? error.message : `the host's service "${name}" failed`,
      });
    } finally {
      open.delete(call);
    }
  }

  async function sendAnswer(call: number, opened: OpenCall, { answer, body }: HostAnswer): Promise<void> {
    if (!body) {
      if (open.has(call)) send({ type: "answer", call, answer: JSON.stringify(answer), hasBody: false });
      return;
    }
    if (open.has(call)) send({ type: "answer", call, answer: JSON.stringify(answer), hasBody: true });
    // Leaving the loop tells the service that nobody reads on, also where the guest has given up already.
    for await (const chunk of body) {
      if (!(await sendChunk(call, opened, chunk))) return;
    }
    if (open.has(call)) send({ type: "answer-data", call, isLast: true }, new Uint8Array(0));
  }

  /** False where the call is over. */
  async function sendChunk(call: number, opened: OpenCall, chunk: Uint8Array): Promise<boolean> {
    for (let offset = 0; offset < chunk.length && open.has(call);) {
      if (opened.credit === 0) {
        await new Promise<void>((resolve) => (opened.onCredit = resolve));
        continue;
      }
      const part = chunk.subarray(offset, offset + Math.min(opened.credit, MAX_CHUNK_BYTES));
      opened.credit -= part.length;
      opened.unreadChunks += 1;
      offset += part.length;
      send({ type: "answer-data", call, isLast: false }, part);
    }
    return open.has(call);
  }

  /** A guest gives back what it has read, never more, and in no smaller pieces than it was sent. */
  function addCredit(opened: OpenCall, bytes: number): boolean {
    if (opened.unreadChunks === 0 || opened.credit + bytes > INITIAL_CREDIT_BYTES) return false;
    opened.unreadChunks -= 1;
    opened.credit += bytes;
    opened.onCredit();
    return true;
  }

  return {
    receive(message, chunk) {
      if (ended) return true;
      if (message.type === "call") return start(message);
      const opened = open.get(message.call);
      // What belongs to no open call was under way when it ended, or is a forgery: either way it counts for nothing.
      if (!opened) return true;
      switch (message.type) {
        case "call-data":
          return opened.body.add(chunk ?? new Uint8Array(0), message.isLast);
        case "call-credit":
          return addCredit(opened, message.bytes);
        case "call-cancel":
          close(message.call, new HostCallError("cancelled", "the tool gave the call up"));
          return true;
      }
    },
    end() {
      ended = true;
      const reason = new HostCallError("cancelled", "the tool's run has ended");
      for (const call of open.keys()) close(call, reason);
    },
  };
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
