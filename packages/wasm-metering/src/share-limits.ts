/** Lowers the maxima of memories and tables, so that all of them together stay within the limits. */
import type { Limits } from "./limits.ts";
import type { ModuleShape } from "./module-shape.ts";
import { ModuleRefusal } from "./refusal.ts";

interface TotalLimits {
  readonly maxMemoryBytes: number;
  readonly maxTableElements: number;
}

interface Range {
  readonly initial: bigint;
  readonly maximum: bigint;
}

/**
 * New maxima for each memory, in its pages, and each table, in elements.
 * @throws ModuleRefusal `memory-limit` or `table-limit` when the module begins above them.
 */
export function shareLimits(
  { memories, tables }: Pick<ModuleShape, "memories" | "tables">,
  { maxMemoryBytes, maxTableElements }: TotalLimits,
): { memoryMaxima: bigint[]; tableMaxima: bigint[] } {
  assertNatural("maxMemoryBytes", maxMemoryBytes);
  assertNatural("maxTableElements", maxTableElements);
  const memoryBytes = shareTotal(memories.map(toBytes), BigInt(maxMemoryBytes));
  if (memoryBytes === undefined) {
    const initial = memories.reduce((sum, limits) => sum + toBytes(limits).initial, 0n);
    throw new ModuleRefusal(
      "memory-limit",
      `The module begins with ${initial} bytes of memory, and may have ${maxMemoryBytes}`,
    );
  }
  const tableMaxima = shareTotal(tables, BigInt(maxTableElements));
  if (tableMaxima === undefined) {
    const initial = tables.reduce((sum, limits) => sum + limits.initial, 0n);
    throw new ModuleRefusal(
      "table-limit",
      `The module begins with ${initial} elements in tables, and may have ${maxTableElements}`,
    );
  }
  const memoryMaxima = memoryBytes.map((share, index) => share >> BigInt((memories[index] as Limits).pageSizeLog2));
  return { memoryMaxima, tableMaxima };
}

/**
 * Maxima whose sum is at most `total`: each gets what it begins with, and what is left is shared evenly, except that
 * nobody gets more than it declares. `undefined` when already the beginnings are above `total`.
 */
export function shareTotal(ranges: readonly Range[], total: bigint): bigint[] | undefined {
  let left = total - ranges.reduce((sum, { initial }) => sum + initial, 0n);
  if (left < 0n) return undefined;
  const shares = ranges.map(({ initial }) => initial);
  const modestFirst = ranges
    .map(({ initial, maximum }, index) => ({ index, wanted: maximum - initial }))
    .toSorted((one, other) => Number(one.wanted - other.wanted));
  for (const [place, { index, wanted }] of modestFirst.entries()) {
    const even = left / BigInt(modestFirst.length - place);
    const share = wanted < even ? wanted : even;
    shares[index] = (shares[index] as bigint) + share;
    left -= share;
  }
  return shares;
}

function toBytes({ initial, maximum, pageSizeLog2 }: Limits): Range {
  return { initial: initial << BigInt(pageSizeLog2), maximum: maximum << BigInt(pageSizeLog2) };
}

function assertNatural(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${name} must be a natural number, not ${value}`);
}
