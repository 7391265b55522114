/** The turnstile: never more inside than there is room, in the order they came, and nobody is forgotten. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTurnstile, type Turn } from "../src/turnstile.ts";

/** Lets everything that is ready happen. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("createTurnstile()", () => {
  it("enter() lets in as many as there is room for, and the next when one leaves", async () => {
    const turnstile = createTurnstile(2, 10);
    const entered: number[] = [];
    const turns = [0, 1, 2, 3].map(async (index) => {
      const turn = await turnstile.enter("tool");
      entered.push(index);
      return turn;
    });
    await settle();
    expect(entered).toEqual([0, 1]);
    (await turns[1])?.leave();
    await settle();
    expect(entered).toEqual([0, 1, 2]);
    (await turns[0])?.leave();
    (await turns[2])?.leave();
    await settle();
    expect(entered).toEqual([0, 1, 2, 3]);
  });

  it("enter() does not let a newcomer get ahead when a place is being handed over", async () => {
    const turnstile = createTurnstile(1, 10);
    const first = await turnstile.enter("tool");
    const order: string[] = [];
    const second = turnstile.enter("tool").then((turn) => (order.push("second"), turn));
    first?.leave();
    const third = turnstile.enter("tool").then((turn) => (order.push("third"), turn));
    await settle();
    expect(order).toEqual(["second"]);
    (await second)?.leave();
    (await third)?.leave();
    expect(order).toEqual(["second", "third"]);
  });

  it("enter() gives undefined when too many wait already", async () => {
    const turnstile = createTurnstile(1, 1);
    await turnstile.enter("tool");
    const waiting = turnstile.enter("tool");
    expect(await turnstile.enter("tool")).toBeUndefined();
    expect(await turnstile.enter("other")).toBeDefined();
    waiting.catch(() => undefined);
  });

  it("enter() rejects with the signal's reason, and gives the place to the next, when it is aborted", async () => {
    const turnstile = createTurnstile(1, 10);
    const reason = new Error("gone");
    await expect(turnstile.enter("tool", AbortSignal.abort(reason))).rejects.toBe(reason);
    const first = await turnstile.enter("tool");
    const aborting = new AbortController();
    const second = turnstile.enter("tool", aborting.signal);
    const third = turnstile.enter("tool");
    aborting.abort(reason);
    await expect(second).rejects.toBe(reason);
    first?.leave();
    expect(await third).toBeDefined();
  });

  it("leave() counts once when it is called twice", async () => {
    const turnstile = createTurnstile(1, 10);
    const first = await turnstile.enter("tool");
    first?.leave();
    const second = await turnstile.enter("tool");
    first?.leave();
    let third: Turn | undefined;
    void turnstile.enter("tool").then((turn) => (third = turn));
    await settle();
    expect(third).toBeUndefined();
    second?.leave();
    await settle();
    expect(third).toBeDefined();
  });

  it("enter() keeps its bound, and lets everybody in at last, when many come and leave in any order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.tuple(fc.constantFrom("a", "b"), fc.nat(3))),
        async (room, visits) => {
          const turnstile = createTurnstile(room, 1_000);
          const inside: Record<string, number> = { a: 0, b: 0 };
          let done = 0;
          await Promise.all(
            visits.map(async ([key, steps]) => {
              const turn = await turnstile.enter(key);
              inside[key] = (inside[key] ?? 0) + 1;
              expect(inside[key]).toBeLessThanOrEqual(room);
              for (let step = 0; step < steps; step += 1) await Promise.resolve();
              inside[key] -= 1;
              turn?.leave();
              done += 1;
            }),
          );
          expect(done).toBe(visits.length);
        },
      ),
    );
  });
});
