/** What is known at a moment: the last state that was read, and whether its source still answers. */
import type { ShownState } from "./read-state.ts";

/** The four conditions that the element shows; "unreachable" is one of the source, not of the tool. */
export type Condition = ShownState["state"] | "unreachable";

export interface Reading {
  readonly condition: Condition;
  /** The last state there was; undefined while none has come. */
  readonly state: ShownState | undefined;
  /** Why there is nothing new; only where the condition is "unreachable". */
  readonly reason: string | undefined;
  /** When `state` was read, in milliseconds since 1970. */
  readonly readAt: number | undefined;
}

/** Before the first answer. */
export const NOTHING_READ: Reading = {
  condition: "initializing",
  state: undefined,
  reason: undefined,
  readAt: undefined,
};

export function toReading(state: ShownState, readAt: number): Reading {
  return { condition: state.state, state, reason: undefined, readAt };
}

/** Keeps the last state: what was known stays on view, marked as old. */
export function toUnreachable(last: Reading, reason: string): Reading {
  return { ...last, condition: "unreachable", reason };
}
