/** Keeps the host's process running while work is underway: browser and server alone do not, so a program ends when it is done. */

/** The longest delay that a timer takes. */
const LONGEST_MS = 2 ** 31 - 1;

/** Runs `work` to its end, in a process that has perhaps nothing else to wait for. */
export type KeepAlive = <Value>(work: () => Promise<Value>) => Promise<Value>;

export function createKeepAlive(): KeepAlive {
  let count = 0;
  let timer: NodeJS.Timeout | undefined;
  return async (work) => {
    count += 1;
    timer ??= setInterval(() => undefined, LONGEST_MS);
    try {
      return await work();
    } finally {
      count -= 1;
      if (count === 0) {
        clearInterval(timer);
        timer = undefined;
      }
    }
  };
}
