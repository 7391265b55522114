/** What the tool has done so far, in the form that `<pocket-python>` shows. */
import type { InstalledPackage } from "@toolpocket/core";
import type { PythonToolState } from "@toolpocket/python-widget/state";
import type { ToolDeclaration } from "./declarations.ts";

/** Failures that are kept. */
const MAX_FAILURES = 20;
const MAX_MESSAGE_CHARACTERS = 500;

export interface Activity {
  setState(state: PythonToolState["state"], error?: string): void;
  /** Counts an execution; the function that it gives is to be called when that has ended. */
  begin(): (failure: string | undefined) => void;
  /** Tells the listeners of what changed elsewhere. */
  touch(): void;
  read(packages: readonly InstalledPackage[]): PythonToolState;
  subscribe(listener: () => void): () => void;
}

export function createActivity(tools: readonly ToolDeclaration[], now: () => number = Date.now): Activity {
  const listeners = new Set<() => void>();
  const errors: { message: string; at: number }[] = [];
  const counts = { executions: 0, succeeded: 0, failed: 0, totalMs: 0 };
  let condition: Pick<PythonToolState, "state" | "error"> = { state: "initializing" };
  let lastActivity: number | undefined;
  const touch = (): void => {
    for (const listener of listeners) {
      try {
        listener();
      } catch {
        // A call does not depend on who watches it.
      }
    }
  };
  return {
    touch,
    setState(state, error) {
      condition = { state, ...(error !== undefined && { error }) };
      touch();
    },
    begin() {
      const started = now();
      counts.executions += 1;
      lastActivity = started;
      touch();
      return (failure) => {
        const ended = now();
        lastActivity = ended;
        counts.totalMs += ended - started;
        if (failure === undefined) counts.succeeded += 1;
        else {
          counts.failed += 1;
          errors.unshift({ message: failure.slice(0, MAX_MESSAGE_CHARACTERS), at: ended });
          errors.splice(MAX_FAILURES);
        }
        touch();
      };
    },
    read(packages) {
      const { executions, succeeded, failed, totalMs } = counts;
      const ended = succeeded + failed;
      return {
        ...condition,
        executions,
        succeeded,
        failed,
        averageMs: ended === 0 ? 0 : Math.round(totalMs / ended),
        errors: [...errors],
        tools: tools.map(({ name, description }) => ({ name, description })),
        packages,
        ...(lastActivity !== undefined && { lastActivity }),
      };
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
