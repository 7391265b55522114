/**
 * `node:async_hooks`: AsyncLocalStorage over timers, ticks, microtasks and promise reactions.
 *
 * The engine does not tell when an `await` resumes. A store set by `run` is therefore kept through `then`, `catch`,
 * `finally` and every callback that the runtime itself calls, and for as long as `run`'s own promise is pending.
 */
import type { Exports, NodeRealm } from "../node-realm.ts";

type Context = ReadonlyMap<object, unknown>;

let current: Context = new Map();

/** `callback` bound to the stores of now. */
export function bindContext<Callback extends (...values: never[]) => unknown>(callback: Callback): Callback {
  const context = current;
  if (context.size === 0) return callback;
  return function (this: unknown, ...values: never[]) {
    return runIn(context, () => Reflect.apply(callback, this, values));
  } as Callback;
}

function runIn<Value>(context: Context, callback: () => Value): Value {
  const outer = current;
  current = context;
  try {
    return callback();
  } finally {
    current = outer;
  }
}

let followsPromises = false;

/** From the first store on, promise reactions run in the context that they were added in. */
function followPromises(): void {
  if (followsPromises) return;
  followsPromises = true;
  const { then } = Promise.prototype;
  // oxlint-disable-next-line eslint/no-extend-native, unicorn/no-thenable -- as Node itself follows a promise's reactions
  Object.defineProperty(Promise.prototype, "then", {
    configurable: true,
    writable: true,
    value: function (this: Promise<unknown>, fulfilled: Exports, rejected: Exports): Promise<unknown> {
      return then.call(
        this,
        typeof fulfilled === "function" ? bindContext(fulfilled) : fulfilled,
        typeof rejected === "function" ? bindContext(rejected) : rejected,
      );
    },
  });
}

export function createAsyncHooks(realm: NodeRealm): Exports {
  void realm;
  class AsyncLocalStorage {
    readonly name: string;
    readonly #defaultValue: unknown;
    constructor({ name = "", defaultValue }: { name?: string; defaultValue?: unknown } = {}) {
      this.name = name;
      this.#defaultValue = defaultValue;
      followPromises();
    }
    static bind(callback: (...values: never[]) => unknown): unknown {
      return bindContext(callback);
    }
    static snapshot(): (callback: Exports, ...values: unknown[]) => unknown {
      const context = current;
      return (callback, ...values) => runIn(context, () => callback(...values));
    }
    run(store: unknown, callback: Exports, ...values: unknown[]): unknown {
      return runIn(new Map(current).set(this, store), () => callback(...values));
    }
    exit(callback: Exports, ...values: unknown[]): unknown {
      const context = new Map(current);
      context.delete(this);
      return runIn(context, () => callback(...values));
    }
    getStore(): unknown {
      return current.has(this) ? current.get(this) : this.#defaultValue;
    }
    enterWith(store: unknown): void {
      current = new Map(current).set(this, store);
    }
    disable(): void {
      const context = new Map(current);
      context.delete(this);
      current = context;
    }
  }

  class AsyncResource {
    readonly type: string;
    readonly #context = current;
    constructor(type: string) {
      this.type = type;
    }
    static bind(callback: (...values: never[]) => unknown): unknown {
      return bindContext(callback);
    }
    runInAsyncScope(callback: Exports, self?: unknown, ...values: unknown[]): unknown {
      return runIn(this.#context, () => Reflect.apply(callback, self, values));
    }
    bind(callback: Exports): Exports {
      return (...values: unknown[]) => this.runInAsyncScope(callback, undefined, ...values);
    }
    emitDestroy(): this {
      return this;
    }
    asyncId(): number {
      return 1;
    }
    triggerAsyncId(): number {
      return 0;
    }
  }

  const hook: Exports = { enable: () => hook, disable: () => hook };
  return {
    AsyncLocalStorage,
    AsyncResource,
    createHook: () => hook,
    executionAsyncId: () => 1,
    triggerAsyncId: () => 0,
    executionAsyncResource: () => ({}),
    asyncWrapProviders: {},
  };
}
