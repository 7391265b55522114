/** `node:diagnostics_channel`: named channels that a program's own parts talk over. */
import type { Exports } from "../node-realm.ts";

type Subscriber = (message: unknown, name: string | symbol) => void;

class Channel {
  readonly name: string | symbol;
  #subscribers: Subscriber[] = [];
  constructor(name: string | symbol) {
    this.name = name;
  }
  get hasSubscribers(): boolean {
    return this.#subscribers.length > 0;
  }
  subscribe(subscriber: Subscriber): void {
    this.#subscribers = [...this.#subscribers, subscriber];
  }
  unsubscribe(subscriber: Subscriber): boolean {
    const before = this.#subscribers.length;
    this.#subscribers = this.#subscribers.filter((other) => other !== subscriber);
    return this.#subscribers.length < before;
  }
  publish(message: unknown): void {
    for (const subscriber of this.#subscribers) subscriber(message, this.name);
  }
  bindStore(): void {}
  unbindStore(): boolean {
    return false;
  }
  runStores(message: unknown, callback: Exports, self?: unknown, ...values: unknown[]): unknown {
    this.publish(message);
    return Reflect.apply(callback, self, values);
  }
}

const TRACED = ["start", "end", "asyncStart", "asyncEnd", "error"] as const;

export function createDiagnosticsChannel(): Exports {
  const channels = new Map<string | symbol, Channel>();
  const channel = (name: string | symbol): Channel => {
    let found = channels.get(name);
    if (!found) channels.set(name, (found = new Channel(name)));
    return found;
  };

  function tracingChannel(name: string): Exports {
    const parts: Exports = Object.fromEntries(TRACED.map((part) => [part, channel(`tracing:${name}:${part}`)]));
    return {
      ...parts,
      get hasSubscribers() {
        return TRACED.some((part) => parts[part].hasSubscribers);
      },
      subscribe: (handlers: Exports) =>
        TRACED.forEach((part) => handlers[part] && parts[part].subscribe(handlers[part])),
      unsubscribe: (handlers: Exports) =>
        TRACED.every((part) => !handlers[part] || parts[part].unsubscribe(handlers[part])),
      traceSync(callback: Exports, context: Exports = {}, self?: unknown, ...values: unknown[]) {
        parts.start.publish(context);
        try {
          return (context.result = Reflect.apply(callback, self, values));
        } catch (error) {
          context.error = error;
          parts.error.publish(context);
          throw error;
        } finally {
          parts.end.publish(context);
        }
      },
      async tracePromise(callback: Exports, context: Exports = {}, self?: unknown, ...values: unknown[]) {
        parts.start.publish(context);
        try {
          context.result = await Reflect.apply(callback, self, values);
          return context.result;
        } catch (error) {
          context.error = error;
          parts.error.publish(context);
          throw error;
        } finally {
          parts.asyncEnd.publish(context);
        }
      },
      traceCallback: (
        callback: Exports,
        _position?: number,
        _context?: Exports,
        self?: unknown,
        ...values: unknown[]
      ) => Reflect.apply(callback, self, values),
    };
  }

  return {
    Channel,
    channel,
    hasSubscribers: (name: string) => channels.get(name)?.hasSubscribers ?? false,
    subscribe: (name: string, subscriber: Subscriber) => channel(name).subscribe(subscriber),
    unsubscribe: (name: string, subscriber: Subscriber) => channel(name).unsubscribe(subscriber),
    tracingChannel,
  };
}
