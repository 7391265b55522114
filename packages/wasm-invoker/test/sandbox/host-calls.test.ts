/** Both ends of the door joined by a message channel: calls, bodies, credit, and what a guest may try with them. */
import { setImmediate } from "node:timers/promises";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { HostCallError, type HostService } from "@toolpocket/core";
import {
  type GuestCallMessage,
  type HostAnswerMessage,
  INITIAL_CREDIT_BYTES,
  MAX_CHUNK_BYTES,
  MAX_OPEN_CALLS,
} from "@toolpocket/runtime-templates";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createHostCaller } from "../../../runtime-templates/src/guest/worker/host-calls.ts";
import { createHostCalls } from "../../src/sandbox/host-calls.ts";

interface Mail<Message> {
  readonly message: Message;
  readonly bytes?: Uint8Array;
}

const ports: MessagePort[] = [];
afterEach(() => ports.splice(0).forEach((port) => port.close()));

/** A guest and its host with a real message channel between them. */
function connect(services: Readonly<Record<string, HostService>>) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const sent: HostAnswerMessage[] = [];
  const broken = vi.fn<() => void>();
  const host = createHostCalls({
    services,
    send: (message, bytes) => {
      sent.push(message);
      port1.postMessage({ message, bytes: bytes && new Uint8Array(bytes) });
    },
  });
  const guest = createHostCaller((message, bytes) => port2.postMessage({ message, bytes }));
  port1.on("message", ({ message, bytes }: Mail<GuestCallMessage>) => {
    if (!host.receive(message, bytes)) broken();
  });
  port2.on("message", ({ message, bytes }: Mail<HostAnswerMessage>) => guest.receive(message, bytes));
  return { host, callHost: guest.callHost, sent, broken };
}

/** The host alone, with what it sends. */
function startHost(services: Readonly<Record<string, HostService>>) {
  const sent: HostAnswerMessage[] = [];
  return { host: createHostCalls({ services, send: (message) => sent.push(message) }), sent };
}

const call = (number: number, more: object = {}) =>
  ({ type: "call", call: number, service: "echo", request: "{}", hasBody: false, ...more }) as const;
const echo: HostService = async ({ request, body }) => ({ answer: request, body });
const never: HostService = ({ signal }) =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
const readAll = async (stream: ReadableStream<Uint8Array>): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
};

describe("callHost()", () => {
  it("gives the service's answer and body when both are of any size", async () => {
    const { callHost } = connect({ echo });
    const bodies = fc.array(fc.uint8Array({ maxLength: 700_000 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), bodies, async (request, chunks) => {
        const body = ReadableStream.from(chunks);
        const reply = await callHost("echo", request, { body });
        expect(reply.answer).toEqual(JSON.parse(JSON.stringify(request)));
        expect((await readAll(reply.body)).equals(Buffer.concat(chunks))).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it("keeps the host from sending more than the guest reads when a body has no end", async () => {
    let produced = 0;
    const stopped = Promise.withResolvers<void>();
    async function* endless() {
      try {
        for (;;) {
          produced += 100_000;
          yield new Uint8Array(100_000);
        }
      } finally {
        stopped.resolve();
      }
    }
    const { callHost } = connect({ endless: async () => ({ answer: 1, body: endless() }) });
    const { body } = await callHost("endless", null);
    for (let turn = 0; turn < 50; turn += 1) await setImmediate();
    expect(produced).toBeGreaterThan(INITIAL_CREDIT_BYTES / 2);
    expect(produced).toBeLessThan(INITIAL_CREDIT_BYTES + 200_000);
    await body.cancel();
    await stopped.promise;
  });

  it("keeps the guest from sending more than the service reads when a body has no end", async () => {
    let produced = 0;
    const { callHost } = connect({ never });
    const abort = new AbortController();
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        produced += 100_000;
        controller.enqueue(new Uint8Array(100_000));
      },
    });
    const reply = callHost("never", null, { body, signal: abort.signal });
    for (let turn = 0; turn < 50; turn += 1) await setImmediate();
    expect(produced).toBeLessThan(INITIAL_CREDIT_BYTES + 400_000);
    abort.abort(new Error("enough"));
    await expect(reply).rejects.toThrow("enough");
  });

  it("fails with the service's code and message when it throws a HostCallError, else with nothing of it", async () => {
    const { callHost } = connect({
      refuse: async () => {
        throw new HostCallError("denied", "not granted");
      },
      break: async () => {
        throw new Error("/home/user/secret");
      },
      breakLater: async () => ({
        answer: 1,
        body: (async function* () {
          yield new Uint8Array(3);
          throw new HostCallError("unreachable", "the connection broke");
        })(),
      }),
    });
    await expect(callHost("refuse", 1)).rejects.toMatchObject({ code: "denied", message: "not granted" });
    await expect(callHost("break", 1)).rejects.toMatchObject({
      code: "internal",
      message: `the host's service "break" failed`,
    });
    await expect(callHost("toString", 1)).rejects.toMatchObject({ code: "unsupported" });
    await expect(readAll((await callHost("breakLater", 1)).body)).rejects.toMatchObject({ code: "unreachable" });
  });

  it("waits for its turn when more calls are made than may be open", async () => {
    let running = 0;
    let most = 0;
    const { callHost, broken } = connect({
      slow: async ({ request }) => {
        most = Math.max(most, (running += 1));
        await setImmediate();
        running -= 1;
        return { answer: request };
      },
    });
    const numbers = Array.from({ length: 3 * MAX_OPEN_CALLS }, (_, index) => index);
    const replies = await Promise.all(numbers.map((number) => callHost("slow", number)));
    expect(replies.map(({ answer }) => answer)).toEqual(numbers);
    expect(most).toBeLessThanOrEqual(MAX_OPEN_CALLS);
    expect(broken).not.toHaveBeenCalled();
  });

  it("fails and tells the host when the body that it sends fails", async () => {
    const { callHost, broken } = connect({ echo: async ({ body }) => ({ answer: 1, body }), never });
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error("no more")) });
    await expect(callHost("never", 1, { body })).rejects.toThrow("no more");
    expect(broken).not.toHaveBeenCalled();
  });
});

describe("createHostCalls()", () => {
  it("end() aborts what is under way and answers nothing more when the run ends", async () => {
    const aborted = vi.fn<() => void>();
    const { host, sent } = startHost({
      echo: ({ signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener("abort", () => {
            aborted();
            reject(signal.reason);
          }),
        ),
    });
    host.receive(call(1), undefined);
    host.receive(call(2), undefined);
    host.end();
    await setImmediate();
    expect(aborted).toHaveBeenCalledTimes(2);
    expect(host.receive(call(3), undefined)).toBe(true);
    await setImmediate();
    expect(sent).toEqual([]);
  });

  it("receive() fires no signal when the call is answered to its end", async () => {
    const aborted = vi.fn<() => void>();
    const { host, sent } = startHost({
      echo: async ({ request, signal }) => {
        signal.addEventListener("abort", aborted);
        return { answer: request };
      },
    });
    host.receive(call(1), undefined);
    await setImmediate();
    host.end();
    expect(sent).toEqual([{ type: "answer", call: 1, answer: "{}", hasBody: false }]);
    expect(aborted).not.toHaveBeenCalled();
  });

  it("receive() gives a body's source back when the answer comes after the guest gave up", async () => {
    const returned = vi.fn<() => void>();
    const ready = Promise.withResolvers<void>();
    const { host } = startHost({
      echo: async () => {
        await ready.promise;
        return {
          answer: 1,
          body: {
            [Symbol.asyncIterator]: () => ({
              next: async () => ({ done: false, value: new Uint8Array(1) }),
              return: async () => {
                returned();
                return { done: true, value: undefined };
              },
            }),
          },
        };
      },
    });
    host.receive(call(1), undefined);
    host.receive({ type: "call-cancel", call: 1 }, undefined);
    ready.resolve();
    await setImmediate();
    expect(returned).toHaveBeenCalledTimes(1);
  });

  it.each([
    ["a number is used twice", [call(1), call(1)]],
    ["a number goes back", [call(5), call(4)]],
    ["the request is no JSON", [call(1, { request: "{" })]],
    ["credit is given for what was not sent", [call(1), { type: "call-credit", call: 1, bytes: 1 }]],
    ["too many calls are open", Array.from({ length: MAX_OPEN_CALLS + 1 }, (_, index) => call(index + 1))],
  ] as [string, GuestCallMessage[]][])("receive() is false when %s", (_what, messages) => {
    const { host } = startHost({ echo: never });
    const received = messages.map((message) => host.receive(message, undefined));
    expect(received.at(-1)).toBe(false);
    expect(received.slice(0, -1)).not.toContain(false);
    host.end();
  });

  it("receive() is false when a body is longer than its credit, or goes on after its end", () => {
    const { host } = startHost({ echo: never });
    const chunk = new Uint8Array(MAX_CHUNK_BYTES);
    const data = (number: number, isLast = false) => ({ type: "call-data", call: number, isLast }) as const;
    host.receive(call(1, { hasBody: true }), undefined);
    for (let sent = 0; sent < INITIAL_CREDIT_BYTES; sent += MAX_CHUNK_BYTES) {
      expect(host.receive(data(1), chunk)).toBe(true);
    }
    expect(host.receive(data(1), chunk)).toBe(false);
    host.receive(call(2, { hasBody: true }), undefined);
    expect(host.receive(data(2, true), new Uint8Array(0))).toBe(true);
    expect(host.receive(data(2), chunk)).toBe(false);
    host.receive(call(3), undefined);
    expect(host.receive(data(3), chunk)).toBe(false);
    host.end();
  });

  it("receive() counts for nothing when the call was never made", () => {
    const { host, sent } = startHost({ echo });
    expect(host.receive({ type: "call-data", call: 9, isLast: true }, new Uint8Array(1))).toBe(true);
    expect(host.receive({ type: "call-credit", call: 9, bytes: 1 }, undefined)).toBe(true);
    expect(host.receive({ type: "call-cancel", call: 9 }, undefined)).toBe(true);
    expect(sent).toEqual([]);
  });
});
