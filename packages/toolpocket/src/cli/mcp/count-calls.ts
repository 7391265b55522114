/** A Pocket that is closed when its last call has ended: one that another took the place of. */
import type { Pocket } from "../../pocket.ts";

export interface CountedPocket {
  readonly tools: Pocket["tools"];
  readonly invoke: Pocket["invoke"];
  /** Ends its calls. */
  close(): Promise<void>;
  closeWhenIdle(): Promise<void>;
}

export function countCalls(pocket: Pocket): CountedPocket {
  const running = new Set<Promise<unknown>>();
  return {
    tools: () => pocket.tools(),
    async invoke(...call) {
      const outcome = pocket.invoke(...call);
      running.add(outcome);
      try {
        return await outcome;
      } finally {
        running.delete(outcome);
      }
    },
    close: () => pocket.close(),
    async closeWhenIdle() {
      while (running.size > 0) await Promise.allSettled(running);
      await pocket.close();
    },
  };
}
