/** `node:timers` and `node:timers/promises`: Node's timer objects on the runtime's event loop. */
import { abortError, createNodeError } from "../errors/node-error.ts";
import type { LoopImmediate, LoopTimer } from "../event-loop.ts";
import { bindContext } from "./async-hooks.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";

const MAX_DELAY_MS = 2_147_483_647;

export function createTimers(realm: NodeRealm): Exports {
  const { loop } = realm;
  const byId = new Map<number, Timeout>();
  let lastId = 0;

  class Timeout {
    readonly #timer: LoopTimer;
    readonly #id: number;
    _destroyed = false;
    constructor(callback: (...values: unknown[]) => void, delayMs: unknown, repeats: boolean, values: unknown[]) {
      this.#id = lastId += 1;
      this.#timer = {
        delayMs: toDelay(delayMs),
        repeats,
        refed: true,
        callback: bindContext(() => {
          if (!repeats) this.#forget();
          Reflect.apply(callback, this, values);
        }),
      };
      byId.set(this.#id, this);
      loop.addTimer(this.#timer);
    }
    #forget(): void {
      this._destroyed = true;
      byId.delete(this.#id);
    }
    ref(): this {
      this.#timer.refed = true;
      return this;
    }
    unref(): this {
      this.#timer.refed = false;
      return this;
    }
    hasRef(): boolean {
      return this.#timer.refed;
    }
    refresh(): this {
      if (!this._destroyed || !this.#timer.repeats) {
        loop.removeTimer(this.#timer);
        loop.addTimer(this.#timer);
      }
      return this;
    }
    close(): this {
      this.#forget();
      loop.removeTimer(this.#timer);
      return this;
    }
    [Symbol.toPrimitive](): number {
      return this.#id;
    }
    [Symbol.dispose](): void {
      this.close();
    }
  }

  class Immediate {
    readonly #immediate: LoopImmediate;
    constructor(callback: (...values: unknown[]) => void, values: unknown[]) {
      this.#immediate = { refed: true, callback: bindContext(() => void Reflect.apply(callback, this, values)) };
      loop.addImmediate(this.#immediate);
    }
    ref(): this {
      this.#immediate.refed = true;
      return this;
    }
    unref(): this {
      this.#immediate.refed = false;
      return this;
    }
    hasRef(): boolean {
      return this.#immediate.refed;
    }
    clear(): void {
      loop.removeImmediate(this.#immediate);
    }
    [Symbol.dispose](): void {
      this.clear();
    }
  }

  const clearTimer = (handle: unknown): void => {
    const timeout = handle instanceof Timeout ? handle : byId.get(Number(handle));
    timeout?.close();
  };

  return {
    setTimeout: (callback: unknown, delayMs?: unknown, ...values: unknown[]) =>
      new Timeout(checkCallback(callback), delayMs, false, values),
    setInterval: (callback: unknown, delayMs?: unknown, ...values: unknown[]) =>
      new Timeout(checkCallback(callback), delayMs, true, values),
    setImmediate: (callback: unknown, ...values: unknown[]) => new Immediate(checkCallback(callback), values),
    clearTimeout: clearTimer,
    clearInterval: clearTimer,
    clearImmediate: (handle: unknown) => {
      if (handle instanceof Immediate) handle.clear();
    },
    get promises() {
      return realm.builtin("timers/promises");
    },
  };
}

export function createTimersPromises(realm: NodeRealm): Exports {
  const timers = realm.builtin("timers");
  interface Options {
    readonly signal?: AbortSignal;
    readonly ref?: boolean;
  }
  const wait = (
    start: (done: () => void) => Exports,
    stop: (handle: Exports) => void,
    value: unknown,
    options: Options,
  ) =>
    new Promise((resolve, reject) => {
      const { signal, ref = true } = options;
      if (signal?.aborted) return reject(abortError(signal));
      const handle = start(() => {
        signal?.removeEventListener("abort", abort);
        resolve(value);
      });
      const abort = (): void => {
        stop(handle);
        if (signal) reject(abortError(signal));
      };
      if (!ref) handle.unref();
      signal?.addEventListener("abort", abort, { once: true });
    });
  const promises: Exports = {
    setTimeout: (delayMs?: number, value?: unknown, options: Options = {}) =>
      wait((done) => timers.setTimeout(done, delayMs), timers.clearTimeout, value, options),
    setImmediate: (value?: unknown, options: Options = {}) =>
      wait((done) => timers.setImmediate(done), timers.clearImmediate, value, options),
    async *setInterval(delayMs?: number, value?: unknown, options: Options = {}) {
      while (true) {
        await promises.setTimeout(delayMs, undefined, options);
        yield value;
      }
    },
    scheduler: {
      wait: (delayMs?: number, options?: Options) => promises.setTimeout(delayMs, undefined, options),
      yield: () => promises.setImmediate(),
    },
  };
  return promises;
}

/** The timer functions' own promise forms, which util.promisify finds. */
export function addPromiseForms(timers: Exports, promises: Exports): void {
  const custom = Symbol.for("nodejs.util.promisify.custom");
  for (const name of ["setTimeout", "setImmediate"]) {
    Object.defineProperty(timers[name], custom, { configurable: true, get: () => promises()[name] });
  }
}

function toDelay(delayMs: unknown): number {
  const number = Number(delayMs);
  return number >= 1 && number <= MAX_DELAY_MS ? Math.trunc(number) : 1;
}

function checkCallback(callback: unknown): (...values: unknown[]) => void {
  if (typeof callback === "function") return callback as (...values: unknown[]) => void;
  throw createNodeError(
    TypeError,
    "ERR_INVALID_ARG_TYPE",
    `The "callback" argument must be of type function. Received ${callback === null ? "null" : typeof callback}`,
  );
}
