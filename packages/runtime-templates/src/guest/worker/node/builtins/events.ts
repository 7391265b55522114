/** `node:events`: the `events` package, with what Node has added since. */
import { abortError, createNodeError } from "../errors/node-error.ts";
import { libraries } from "../libraries.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";

const REJECTION = Symbol.for("nodejs.rejection");
const ERROR_MONITOR = Symbol("events.errorMonitor");

export function createEvents(realm: NodeRealm): Exports {
  const { EventEmitter } = libraries.events();
  const { emit } = EventEmitter.prototype;

  EventEmitter.prototype.emit = function (this: Exports, name: string | symbol, ...values: unknown[]): boolean {
    if (name !== "error") return emit.call(this, name, ...values);
    if (this.listenerCount(ERROR_MONITOR) > 0) emit.call(this, ERROR_MONITOR, ...values);
    const [error] = values;
    if (this.listenerCount("error") > 0 || error instanceof Error) return emit.call(this, name, ...values);
    const text = realm.builtin("util").inspect(error);
    const unhandled: Exports = createNodeError(Error, "ERR_UNHANDLED_ERROR", `Unhandled error. (${text})`);
    unhandled.context = error;
    throw unhandled;
  };

  class EventEmitterAsyncResource extends EventEmitter {}

  return Object.assign(EventEmitter, {
    EventEmitter,
    EventEmitterAsyncResource,
    errorMonitor: ERROR_MONITOR,
    captureRejectionSymbol: REJECTION,
    captureRejections: false,
    usingDomains: false,
    once,
    on,
    getEventListeners: (emitter: Exports, name: string) => emitter.listeners?.(name) ?? [],
    getMaxListeners: (emitter: Exports) => emitter.getMaxListeners?.() ?? EventEmitter.defaultMaxListeners,
    setMaxListeners(count: number, ...emitters: Exports[]) {
      if (emitters.length === 0) EventEmitter.defaultMaxListeners = count;
      for (const emitter of emitters) emitter.setMaxListeners?.(count);
    },
    listenerCount: (emitter: Exports, name: string) => emitter.listenerCount(name),
    addAbortListener(signal: AbortSignal, listener: () => void) {
      signal.addEventListener("abort", listener, { once: true });
      return { [Symbol.dispose]: () => signal.removeEventListener("abort", listener) };
    },
  });
}

interface SignalOption {
  readonly signal?: AbortSignal;
  readonly close?: readonly string[];
}

function listen(emitter: Exports, name: string, listener: (...values: unknown[]) => void): () => void {
  if (typeof emitter.addEventListener === "function" && typeof emitter.on !== "function") {
    emitter.addEventListener(name, listener);
    return () => emitter.removeEventListener(name, listener);
  }
  emitter.on(name, listener);
  return () => emitter.removeListener(name, listener);
}

function once(emitter: Exports, name: string, { signal }: SignalOption = {}): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortError(signal));
    const stops: (() => void)[] = [];
    const settle = (done: () => void): void => {
      for (const stop of stops) stop();
      done();
    };
    stops.push(listen(emitter, name, (...values) => settle(() => resolve(values))));
    if (name !== "error" && typeof emitter.on === "function") {
      stops.push(listen(emitter, "error", (error) => settle(() => reject(error))));
    }
    if (signal) stops.push(listen(signal, "abort", () => settle(() => reject(abortError(signal)))));
  });
}

function on(
  emitter: Exports,
  name: string,
  { signal, close = [] }: SignalOption = {},
): AsyncIterableIterator<unknown[]> {
  if (signal?.aborted) throw abortError(signal);
  const values: unknown[][] = [];
  const waiting: { resolve: (result: IteratorResult<unknown[]>) => void; reject: (error: unknown) => void }[] = [];
  let failure: { error: unknown } | undefined;
  let ended = false;
  const stops: (() => void)[] = [];
  const end = (): IteratorResult<unknown[]> => {
    ended = true;
    for (const stop of stops) stop();
    for (const { resolve } of waiting.splice(0)) resolve({ value: undefined, done: true });
    return { value: undefined, done: true };
  };
  const fail = (error: unknown): void => {
    const first = waiting.shift();
    if (first) first.reject(error);
    else failure = { error };
    end();
  };
  stops.push(
    listen(emitter, name, (...received) => {
      const first = waiting.shift();
      if (first) first.resolve({ value: received, done: false });
      else values.push(received);
    }),
  );
  if (name !== "error" && typeof emitter.on === "function") stops.push(listen(emitter, "error", fail));
  for (const closing of close) stops.push(listen(emitter, closing, () => void end()));
  if (signal) stops.push(listen(signal, "abort", () => fail(abortError(signal))));

  return {
    next() {
      const value = values.shift();
      if (value) return Promise.resolve({ value, done: false });
      if (failure) {
        const { error } = failure;
        failure = undefined;
        return Promise.reject(error);
      }
      if (ended) return Promise.resolve({ value: undefined, done: true });
      return new Promise((resolve, reject) => void waiting.push({ resolve, reject }));
    },
    return: () => Promise.resolve(end()),
    throw(error: unknown) {
      fail(error);
      return Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
