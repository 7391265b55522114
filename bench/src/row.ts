/** A row of the benchmark: a figure of ours beside the floor or the peer that was measured with it, and the goal. */
import { median, quartiles } from "./samples.ts";

export type Unit = "ms" | "calls/s" | "MB" | "KB/call" | "%" | "fetched";

export interface Row {
  readonly id: string;
  readonly what: string;
  /** Ours: the median, in `unit`. */
  readonly value: number;
  /** The lower and the upper quartile of what `value` is the median of; null for a figure that was taken once. */
  readonly spread: readonly [number, number] | null;
  readonly unit: Unit;
  /** The floor's or the peer's median in the same run, in `unit`; null where there is none. */
  readonly floorOrPeer: number | null;
  /** What the second figure is; why it is missing, for a peer that cannot run here. */
  readonly beside: string;
  /** `value / floorOrPeer`; null where there is no second figure. */
  readonly ratio: number | null;
  readonly goal: string | null;
  readonly pass: boolean | null;
}

export type Goal = ({ readonly atMost: number } | { readonly atLeast: number }) & {
  /** Whether it is in the row's unit also where there is a floor or a peer. @defaultValue false */
  readonly isAbsolute?: boolean;
};

interface Measured {
  readonly id: string;
  readonly what: string;
  readonly unit: Unit;
  /** One figure, or the samples. */
  readonly ours: number | readonly number[];
}

/** A row beside a floor or a peer; the goal is a multiple of it, unless it says otherwise. */
export function compareRow(
  measured: Measured & { readonly beside: string; readonly floorOrPeer: number | readonly number[] },
  goal?: Goal,
): Row {
  const { beside, floorOrPeer } = measured;
  const row = figureRow(measured);
  const other = typeof floorOrPeer === "number" ? floorOrPeer : median(floorOrPeer);
  const ratio = row.value / other;
  const judged = goal?.isAbsolute === true ? judge(row.value, goal, ` ${row.unit}`) : judge(ratio, goal, TIMES);
  return { ...row, floorOrPeer: other, beside, ratio, ...judged };
}

/** A row that stands alone; the goal is in its own unit. */
export function figureRow({ id, what, unit, ours }: Measured, goal?: Goal): Row {
  const value = typeof ours === "number" ? ours : median(ours);
  const spread = typeof ours === "number" ? null : quartiles(ours);
  const judged = judge(value, goal, ` ${unit}`);
  return { id, what, value, spread, unit, floorOrPeer: null, beside: "", ratio: null, ...judged };
}

/** The row of a peer that cannot run here. */
export function withoutPeer(row: Row, reason: string): Row {
  return { ...row, beside: reason, floorOrPeer: null, ratio: null, goal: null, pass: null };
}

function judge(figure: number, goal: Goal | undefined, unit: string): Pick<Row, "goal" | "pass"> {
  if (goal === undefined) return { goal: null, pass: null };
  const show = unit === TIMES ? toFraction : String;
  return "atMost" in goal
    ? { goal: `≤ ${show(goal.atMost)}${unit}`, pass: figure <= goal.atMost }
    : { goal: `≥ ${show(goal.atLeast)}${unit}`, pass: figure >= goal.atLeast };
}

const TIMES = "×";

function toFraction(times: number): string {
  const inverse = Math.round(1 / times);
  return times > 0 && times < 1 && Math.abs(inverse * times - 1) < 1e-9 ? `1/${inverse}` : String(times);
}
