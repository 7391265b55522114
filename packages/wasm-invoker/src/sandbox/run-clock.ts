/** The clock of a run: counts its time but for what a service holds it for, and tells once when that is used up. */

export interface RunClock {
  start(): void;
  /** Time does not count until the function that this gives is called; holds add up. */
  hold(): () => void;
  stop(): void;
}

export function createRunClock(timeoutMs: number, onLate: () => void): RunClock {
  let leftMs = timeoutMs;
  let holds = 0;
  let isRunning = false;
  let startedAt = 0;
  let timer: NodeJS.Timeout | undefined;

  function go(): void {
    if (!isRunning || holds > 0) return;
    startedAt = performance.now();
    timer = setTimeout(onLate, Math.max(0, leftMs));
  }
  function halt(): void {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    leftMs -= performance.now() - startedAt;
  }

  return {
    start() {
      isRunning = true;
      go();
    },
    hold() {
      holds += 1;
      halt();
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        holds -= 1;
        go();
      };
    },
    stop() {
      halt();
      isRunning = false;
    },
  };
}
