/** Takes samples in turns, so that what disturbs the machine disturbs all sides, and says what they come to. */
import { setTimeout as sleep } from "node:timers/promises";

export interface InterleaveOptions {
  readonly rounds: number;
  /** Rounds before them that do not count. @defaultValue 1 */
  readonly warmUp?: number;
  /** Rest before each sample. @defaultValue 0 */
  readonly pauseMs?: number;
}

/** Each work gives one sample a round; the samples of each, in the order of `works`. */
export async function interleave(
  works: readonly (() => Promise<number>)[],
  { rounds, warmUp = 1, pauseMs = 0 }: InterleaveOptions,
): Promise<number[][]> {
  const samples = works.map((): number[] => []);
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const [index, work] of works.entries()) {
      if (pauseMs > 0) await sleep(pauseMs);
      const sample = await work();
      if (round >= 0) samples[index]?.push(sample);
    }
  }
  return samples;
}

/** Milliseconds that `work` takes. */
export async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quartiles(values: readonly number[]): [number, number] {
  return [quantile(values, 0.25), quantile(values, 0.75)];
}

/** @param share from 0 to 1; NaN where there are no values */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low === undefined || high === undefined ? Number.NaN : low + (high - low) * (place - Math.floor(place));
}

/** What the values grow by from the first to the last, by the line that fits them best: one reading more or less says little. */
export function growth(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let covariance = 0;
  let variance = 0;
  for (const [index, value] of values.entries()) {
    covariance += (index - middle) * (value - mean);
    variance += (index - middle) ** 2;
  }
  return variance === 0 ? 0 : (covariance / variance) * (values.length - 1);
}
