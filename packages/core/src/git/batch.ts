/** Batches: work that goes through stages together, where what fails drops out with its reason and holds up nobody. */

/** One piece of a batch on its way; `index` is its place in the batch's outcomes. */
export interface BatchItem<Value> {
  readonly index: number;
  readonly value: Value;
}

export interface Batch<Result> {
  /** Runs `stage` for all items at once, and returns those that came through. */
  each<Value, Next>(
    items: readonly BatchItem<Value>[],
    stage: (value: Value) => Next | Promise<Next>,
  ): Promise<BatchItem<Next>[]>;
  succeed(item: BatchItem<Result>): void;
  fail(items: readonly BatchItem<unknown>[], reason: unknown): void;
  /** One outcome for each index, in their order. */
  outcomes(): PromiseSettledResult<Result>[];
}

/** @param toReason makes of whatever a stage threw the reason that the outcome shows. */
export function createBatch<Result>(size: number, toReason: (error: unknown) => unknown): Batch<Result> {
  const settled = new Map<number, PromiseSettledResult<Result>>();
  const fail = (items: readonly BatchItem<unknown>[], reason: unknown): void => {
    for (const { index } of items) if (!settled.has(index)) settled.set(index, { status: "rejected", reason });
  };
  return {
    fail: (items, error) => fail(items, toReason(error)),
    succeed: ({ index, value }) => void settled.set(index, { status: "fulfilled", value }),
    async each(items, stage) {
      const passed = await Promise.all(
        items.map(async (item) => {
          try {
            return [{ index: item.index, value: await stage(item.value) }];
          } catch (error) {
            fail([item], toReason(error));
            return [];
          }
        }),
      );
      return passed.flat();
    },
    outcomes: () =>
      Array.from({ length: size }, (_, index) => {
        return settled.get(index) ?? { status: "rejected", reason: new Error(`nothing became of item ${index}`) };
      }),
  };
}
