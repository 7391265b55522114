/** What a Pocket tells its listeners of invocations: who called what, which hosts were asked, what was refused. */
import type { Runtime } from "../program.ts";
import type { RunEvent } from "../run-events.ts";

/** Of which invocation an event is. */
export interface EventOrigin {
  /** ISO 8601, in UTC. */
  readonly time: string;
  /** The tool's name, as it was called. */
  readonly tool: string;
  /** Of the invocation; unique. */
  readonly invocation: string;
}

/** An invocation has ended. */
export interface InvocationEvent extends EventOrigin {
  /** `aborted`: the caller gave up, or the Pocket was closed. */
  readonly status: "ok" | "error" | "denied" | "aborted";
  /** Of the outcome, or of the `PocketError`; absent where the status is ok or aborted. */
  readonly code?: string;
  readonly durationMs: number;
  /** Absent where there is no such tool, or it is broken. */
  readonly runtime?: Runtime;
  /** Fuel consumed; wasm only. */
  readonly fuel?: number;
}

/** A tool has sent a request, and got its answer or none. */
export type RequestEvent = EventOrigin & Extract<RunEvent, { readonly type: "request" }>;
/** A tool was refused something. */
export type DenialEvent = EventOrigin & Extract<RunEvent, { readonly type: "denial" }>;

/** Each type of event with what its listeners get. None holds a secret, an input or an output. */
export interface PocketEvents {
  readonly invocation: InvocationEvent;
  readonly request: RequestEvent;
  readonly denial: DenialEvent;
}

export type PocketEventType = keyof PocketEvents;
export type PocketListener<Type extends PocketEventType> = (event: PocketEvents[Type]) => unknown;

export interface EventSource {
  on<Type extends PocketEventType>(type: Type, listener: PocketListener<Type>): () => void;
  emit<Type extends PocketEventType>(type: Type, event: PocketEvents[Type]): void;
}

type ListenerSets = { readonly [Type in PocketEventType]: Set<PocketListener<Type>> };

/** Listeners are called at once, in the order in which they came. What one throws, or rejects with, harms nobody. */
export function createEventSource(): EventSource {
  const listeners: ListenerSets = { invocation: new Set(), request: new Set(), denial: new Set() };
  return {
    on(type, listener) {
      const set: Set<PocketListener<typeof type>> | undefined = Object.hasOwn(listeners, type)
        ? listeners[type]
        : undefined;
      if (set === undefined) throw new TypeError(`there is no event ${JSON.stringify(type)}`);
      // Of its own, so that a listener may be added twice and taken away once.
      const own: typeof listener = (event) => listener(event);
      set.add(own);
      return () => void set.delete(own);
    },
    emit(type, event) {
      for (const listener of Array.from(listeners[type])) void callListener(listener, event);
    },
  };
}

async function callListener<Event>(listener: (event: Event) => unknown, event: Event): Promise<void> {
  try {
    await listener(event);
  } catch {
    // An invocation does not depend on who watches it.
  }
}
