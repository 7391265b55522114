/** Figures as people read them: three digits that count, and a unit. */
import type { Unit } from "./row.ts";

export function formatFigure(value: number, unit?: Unit): string {
  return unit === undefined ? formatNumber(value) : `${formatNumber(value)} ${unit}`;
}

/** A ratio below one is easier read as a fraction. */
export function formatRatio(ratio: number): string {
  return ratio > 0 && ratio < 0.5 ? `1/${formatNumber(1 / ratio)}` : `${formatNumber(ratio)}×`;
}

function formatNumber(value: number): string {
  if (value === 0) return "0";
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(Math.abs(value) < 1 ? 2 : 3)));
}
