/** The pool of instances: made ahead, each used once, and made again only when they are needed. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createInstancePool } from "../../../src/guest/page/instance-pool.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Instances are numbers in the order they were asked for. */
function createPool() {
  const made: PromiseWithResolvers<number>[] = [];
  const pool = createInstancePool(() => {
    const instance = Promise.withResolvers<number>();
    made.push(instance);
    return instance.promise;
  });
  const finish = (index: number): Promise<void> => {
    made[index]?.resolve(index);
    return Promise.resolve();
  };
  return { pool, made, finish };
}

describe("createInstancePool()", () => {
  it("keep() starts as many instances as are wanted when there are none", () => {
    const { pool, made } = createPool();
    pool.keep(3);
    expect(made).toHaveLength(3);
    pool.keep(3);
    expect(made).toHaveLength(3);
  });

  it("take() gives a ready instance without waiting when one was made ahead", async () => {
    const { pool, finish } = createPool();
    pool.keep(1);
    await finish(0);
    expect(await pool.take()).toEqual({ instance: 0, waited: false });
  });

  it("take() tells that the run waited when the instance was not ready", async () => {
    const { pool, finish } = createPool();
    pool.keep(1);
    const taking = pool.take();
    await finish(0);
    expect(await taking).toEqual({ instance: 0, waited: true });
  });

  it("take() gives every caller an instance of its own when many come at once", async () => {
    const { pool, made, finish } = createPool();
    pool.keep(1);
    const taking = [pool.take(), pool.take(), pool.take()];
    for (const index of made.keys()) await finish(index);
    expect((await Promise.all(taking)).map(({ instance }) => instance)).toEqual([0, 1, 2]);
  });

  it("take() makes up for what it took only a moment later when the run goes on", async () => {
    const { pool, made, finish } = createPool();
    pool.keep(1);
    await finish(0);
    await pool.take();
    expect(made).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(50);
    expect(made).toHaveLength(2);
  });

  it("refill() makes the next instance at once, and no second one, when a run has ended before that moment", async () => {
    const { pool, made, finish } = createPool();
    pool.keep(1);
    await finish(0);
    await pool.take();
    pool.refill();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(made).toHaveLength(2);
  });

  it("take() rejects, and the next one tries again, when an instance cannot be made", async () => {
    const { pool, made, finish } = createPool();
    pool.keep(1);
    made[0]?.reject(new Error("no memory"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(made).toHaveLength(1);
    const failing = pool.take();
    made[1]?.reject(new Error("no memory"));
    await expect(failing).rejects.toThrow("no memory");
    const taking = pool.take();
    await finish(2);
    expect(await taking).toEqual({ instance: 2, waited: true });
  });

  it("renew() gives up the instances that wait, ready or not, and makes others when there is something new", async () => {
    const { pool, made, finish } = createPool();
    pool.keep(2);
    await finish(0);
    const givenUp: number[] = [];
    pool.renew((instance) => void givenUp.push(instance));
    expect(made).toHaveLength(4);
    for (const index of [1, 2, 3]) await finish(index);
    await vi.advanceTimersByTimeAsync(0);
    expect(givenUp).toEqual([0, 1]);
    expect(await pool.take()).toEqual({ instance: 2, waited: false });
  });
});
