/** Tells the listeners of a Pocket of one invocation. */
import { randomUUID } from "node:crypto";
import { isPocketError } from "../errors.ts";
import type { Outcome } from "../outcome.ts";
import type { RunEvent } from "../run-events.ts";
import type { EventOrigin, EventSource, InvocationEvent } from "./pocket-events.ts";

export interface InvocationWatch {
  readonly onEvent: (event: RunEvent) => void;
  end(outcome: Outcome): void;
  /** It gave no outcome. */
  fail(error: unknown): void;
}

export function watchInvocation(
  events: EventSource,
  { name, signal }: { readonly name: string; readonly signal?: AbortSignal },
): InvocationWatch {
  const started = performance.now();
  const invocation = randomUUID();
  const origin = (): EventOrigin => ({ time: new Date().toISOString(), tool: name, invocation });
  const tell = (status: InvocationEvent["status"], code?: string): void =>
    events.emit("invocation", {
      ...origin(),
      status,
      ...(code !== undefined && { code }),
      durationMs: performance.now() - started,
    });
  return {
    onEvent: (event) =>
      event.type === "request"
        ? events.emit("request", { ...origin(), ...event })
        : events.emit("denial", { ...origin(), ...event }),
    end: (outcome) => tell(outcome.status, outcome.status === "ok" ? undefined : outcome.error.code),
    fail: (error) => {
      if (signal?.aborted === true || (isPocketError(error) && error.code === "ERR_POCKET_CLOSED")) tell("aborted");
      else tell("error", isPocketError(error) ? error.code : "ERR_UNEXPECTED");
    },
  };
}
