/** Converts a value; the default export is called with the input, and what it returns is the result. */
import { findUnit } from "./units.ts";

interface Query {
  readonly value: number;
  readonly from: string;
  readonly to: string;
}

export default async function convert({ value, from, to }: Query): Promise<{ value: number; unit: string }> {
  const source = findUnit(from);
  const target = findUnit(to);
  if (source.kind !== target.kind) {
    throw new Error(`"${from}" is a unit of ${source.kind}, "${to}" is one of ${target.kind}`);
  }
  const base = value * source.factor + (source.offset ?? 0);
  const converted = (base - (target.offset ?? 0)) / target.factor;
  // Twelve digits, so that 0.1 km is 100 m, and not 100.00000000000001.
  return { value: Number(converted.toPrecision(12)), unit: target.symbol };
}
