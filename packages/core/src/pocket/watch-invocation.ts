/** Tells the listeners of a Pocket of one invocation. */
import { randomUUID } from "node:crypto";
import { isPocketError } from "../errors.ts";
import type { Outcome } from "../outcome.ts";
import type { Runtime } from "../program.ts";
import type { RunEvent } from "../run-events.ts";
import type { EventOrigin, EventSource, InvocationEvent } from "./pocket-events.ts";

export interface InvocationWatch {
  /** The tool that is called was found. */
  found(runtime: Runtime): void;
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
  let runtime: Runtime | undefined;
  const tell = (status: InvocationEvent["status"], { code, fuel }: { code?: string; fuel?: number } = {}): void =>
    events.emit("invocation", {
      ...origin(),
      status,
      ...(code !== undefined && { code }),
      durationMs: performance.now() - started,
      ...(runtime !== undefined && { runtime }),
      ...(fuel !== undefined && { fuel }),
    });
  return {
    found: (known) => void (runtime = known),
    onEvent: (event) =>
      event.type === "request"
        ? events.emit("request", { ...origin(), ...event })
        : events.emit("denial", { ...origin(), ...event }),
    end: (outcome) => {
      const { fuel } = outcome.usage;
      tell(outcome.status, {
        ...(outcome.status !== "ok" && { code: outcome.error.code }),
        ...(fuel !== undefined && { fuel }),
      });
    },
    fail: (error) => {
      if (signal?.aborted === true || (isPocketError(error) && error.code === "ERR_POCKET_CLOSED")) tell("aborted");
      else tell("error", { code: isPocketError(error) ? error.code : "ERR_UNEXPECTED" });
    },
  };
}
