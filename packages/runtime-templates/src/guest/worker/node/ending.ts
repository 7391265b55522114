/** How a run ends: once, with an exit code, a value or a failure; after that the tool's code does nothing that counts. */
import type { GuestExit } from "../guest-runtime.ts";

export interface Ending {
  readonly result: Promise<GuestExit>;
  readonly isOver: boolean;
  exit(exit: GuestExit): void;
  fail(error: unknown): void;
}

/** @param onEnd called at once when the run ends */
export function createEnding(onEnd: () => void): Ending {
  const { promise, resolve, reject } = Promise.withResolvers<GuestExit>();
  let isOver = false;
  const end = (settle: () => void): void => {
    if (isOver) return;
    isOver = true;
    onEnd();
    settle();
  };
  return {
    result: promise,
    get isOver() {
      return isOver;
    },
    exit: (exit) => end(() => resolve(exit)),
    fail: (error) => end(() => reject(error)),
  };
}
