import { afterEach, describe, expect, it } from "vitest";
import { createEventLoop, type EventLoop, type LoopTimer } from "../../../../src/guest/worker/node/event-loop.ts";

let loop: EventLoop;
afterEach(() => loop.stop());

/** Runs `start` on a new loop until it is idle; what it logs, in order. */
async function record(start: (log: (text: string) => void) => void): Promise<string[]> {
  const seen: string[] = [];
  await new Promise<void>((resolve) => {
    loop = createEventLoop({ onError: (error) => seen.push(String(error)), onIdle: () => resolve() });
    start((text) => void seen.push(text));
  });
  return seen;
}

const timer = (delayMs: number, callback: () => void, more: Partial<LoopTimer> = {}): LoopTimer => ({
  delayMs,
  callback,
  repeats: false,
  refed: true,
  ...more,
});

describe("createEventLoop()", () => {
  it("runs ticks, then promises, then timers, then immediates when all are added at once", async () => {
    const seen = await record((log) =>
      loop.addTask(() => {
        loop.addImmediate({ callback: () => log("immediate"), refed: true });
        loop.addTimer(timer(1, () => log("timer")));
        void Promise.resolve().then(() => log("promise"));
        loop.addTick(() => log("tick"));
        log("task");
      }),
    );
    expect(seen).toEqual(["task", "tick", "promise", "timer", "immediate"]);
  });

  it("settles the promises of one callback before the next callback", async () => {
    const seen = await record((log) => {
      for (const name of ["a", "b"]) {
        loop.addImmediate({
          refed: true,
          callback: () => {
            log(name);
            void Promise.resolve()
              .then(() => Promise.resolve())
              .then(() => log(`promise of ${name}`));
          },
        });
      }
    });
    expect(seen).toEqual(["a", "promise of a", "b", "promise of b"]);
  });

  it("runs a completion after the immediates that were there before it", async () => {
    const seen = await record((log) =>
      loop.addTask(() => {
        loop.addCompletion(() => log("completion"));
        loop.addImmediate({ callback: () => log("immediate"), refed: true });
      }),
    );
    expect(seen).toEqual(["immediate", "completion"]);
  });

  it("does not wait for a timer without a reference, but for a hold", async () => {
    const seen = await record((log) => {
      loop.addTimer(timer(60_000, () => log("never"), { refed: false }));
      const release = loop.hold();
      setTimeout(() => {
        log("released");
        release();
        release();
      }, 20);
    });
    expect(seen).toEqual(["released"]);
  });

  it("repeats an interval until it is removed, also by itself", async () => {
    const seen = await record((log) => {
      let count = 0;
      const interval = timer(
        1,
        () => {
          log(`interval ${(count += 1)}`);
          if (count === 3) loop.removeTimer(interval);
        },
        { repeats: true },
      );
      loop.addTimer(interval);
    });
    expect(seen).toEqual(["interval 1", "interval 2", "interval 3"]);
  });

  it("goes on after a callback has thrown", async () => {
    const seen = await record((log) => {
      loop.addTask(() => {
        throw new Error("thrown");
      });
      loop.addTask(() => log("next"));
    });
    expect(seen).toEqual(["Error: thrown", "next"]);
  });

  it("says whether anything ran since it was last idle", async () => {
    const calls: boolean[] = [];
    await new Promise<void>((resolve) => {
      loop = createEventLoop({
        onError: () => undefined,
        onIdle: (hasWorked) => {
          calls.push(hasWorked);
          if (calls.length === 1) loop.addTimer(timer(1, () => undefined));
          if (!hasWorked) resolve();
        },
      });
      loop.addTask(() => undefined);
    });
    expect(calls).toEqual([true, true, false]);
  });

  it("calls nothing any more once it is stopped", async () => {
    const seen: string[] = [];
    loop = createEventLoop({ onError: () => undefined, onIdle: () => undefined });
    loop.addTask(() => {
      loop.addTick(() => seen.push("tick"));
      loop.addTimer(timer(1, () => seen.push("timer")));
      loop.stop();
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(seen).toEqual([]);
  });
});
