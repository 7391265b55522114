/** A row of the benchmark: a figure of ours beside the floor or the peer that was measured with it, and the goal. */

export interface Row {
  readonly id: string;
  readonly what: string;
  /** Ours: the median, in `unit`. */
  readonly value: number;
  /** The floor's or the peer's median in the same run, in `unit`; null where the goal is absolute. */
  readonly floorOrPeer: number | null;
  readonly unit: "ms" | "calls/s" | "MB";
  /** What the second figure is. */
  readonly beside: string;
  /** `value / floorOrPeer`, or its inverse where more is better; null where the goal is absolute. */
  readonly ratio: number | null;
  readonly goal: string | null;
  readonly pass: boolean | null;
}

/** A row whose figure is a multiple of a floor's or a peer's: at most `atMost` times, or at least `atLeast` times. */
export function compareRow(
  row: Pick<Row, "id" | "what" | "value" | "unit" | "beside"> & { floorOrPeer: number },
  goal: { atMost: number } | { atLeast: number } | undefined,
): Row {
  const ratio = row.value / row.floorOrPeer;
  if (goal === undefined) return { ...row, ratio, goal: null, pass: null };
  return "atMost" in goal
    ? { ...row, ratio, goal: `≤ ${toFraction(goal.atMost)}×`, pass: ratio <= goal.atMost }
    : { ...row, ratio, goal: `≥ ${goal.atLeast}×`, pass: ratio >= goal.atLeast };
}

function toFraction(times: number): string {
  return times < 1 ? `1/${Math.round(1 / times)}` : String(times);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Milliseconds that `work` takes. */
export async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
