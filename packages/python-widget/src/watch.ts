/** The port between a source of states and the element that shows them. */
import type { ShownState } from "./read-state.ts";

export interface WatchSink {
  onState(state: ShownState): void;
  onUnreachable(reason: string): void;
}

export interface Watch {
  /** Looks at once. */
  refresh(): void;
  /** Nothing is reported after it. */
  stop(): void;
}

/** What a watch says of a failure. */
export function toReason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
