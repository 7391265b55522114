/** Lets a number of runs of each tool in at a time; the others wait in the order they came. */

export interface Turn {
  /** Lets the next one in. */
  leave(): void;
}

export interface Turnstile {
  /** How many are inside and how many wait, of all tools together. */
  count(): { readonly inside: number; readonly waiting: number };
  /** Resolves when it is this run's turn; undefined where too many wait already. Rejects with the signal's reason. */
  enter(key: string, signal?: AbortSignal): Promise<Turn | undefined>;
}

interface Gate {
  inside: number;
  readonly waiting: Set<() => void>;
}

export function createTurnstile(maxInside: number, maxWaiting: number): Turnstile {
  const gates = new Map<string, Gate>();

  /** Hands the place over to the next one who waits: whoever comes just now does not get ahead. */
  function leave(key: string, gate: Gate): void {
    const [next] = gate.waiting;
    if (next) return next();
    gate.inside -= 1;
    if (gate.inside === 0) gates.delete(key);
  }

  return {
    count() {
      let [inside, waiting] = [0, 0];
      for (const gate of gates.values()) {
        inside += gate.inside;
        waiting += gate.waiting.size;
      }
      return { inside, waiting };
    },

    async enter(key, signal) {
      signal?.throwIfAborted();
      const gate = gates.get(key) ?? { inside: 0, waiting: new Set() };
      gates.set(key, gate);
      if (gate.inside < maxInside) gate.inside += 1;
      else if (gate.waiting.size >= maxWaiting) return undefined;
      else await waitIn(gate.waiting, signal);
      let left = false;
      return {
        leave() {
          if (!left) leave(key, gate);
          left = true;
        },
      };
    },
  };
}

function waitIn(waiting: Set<() => void>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (finish: () => void) => () => {
      waiting.delete(enter);
      signal?.removeEventListener("abort", abort);
      finish();
    };
    const enter = done(resolve);
    const abort = done(() => reject(signal?.reason));
    waiting.add(enter);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
