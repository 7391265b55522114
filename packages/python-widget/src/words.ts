/** How numbers, durations and times are written for people. */

const LANGUAGE = "en";
const whole = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat(LANGUAGE, { notation: "compact", maximumFractionDigits: 1 });
const scientific = new Intl.NumberFormat(LANGUAGE, { notation: "scientific", maximumFractionDigits: 1 });
const oneDigit = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 1 });
const relative = new Intl.RelativeTimeFormat(LANGUAGE, { style: "narrow" });
const absolute = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium", timeStyle: "medium" });

/** Stands where there is no value yet. */
export const NONE = "–";
/** From here on a count is written as "1.2M". */
const COMPACT_FROM = 1_000_000;
/** From here on, where words for thousands end, as "1.2E15". */
const SCIENTIFIC_FROM = 1e15;

/** 12345 → "12,345"; short, however large the count is */
export function writeCount(count: number): string {
  if (count < COMPACT_FROM) return whole.format(count);
  return (count < SCIENTIFIC_FROM ? compact : scientific).format(count);
}

/** 4.2 → "4.2 ms", 1234 → "1.2 s", 90 000 → "1.5 min"; short, however long the duration is */
export function writeDuration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${(milliseconds < 10 ? oneDigit : whole).format(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${oneDigit.format(milliseconds / 1_000)} s`;
  if (milliseconds < 3_600_000) return `${oneDigit.format(milliseconds / 60_000)} min`;
  return `${writeCount(milliseconds / 3_600_000)} h`;
}

/** Of the executions that have ended; never "100%" while one has failed, nor "0%" while one has succeeded. */
export function writeSuccessRate(succeeded: number, failed: number): string {
  if (succeeded + failed === 0) return NONE;
  const percent = (100 * succeeded) / (succeeded + failed);
  if (failed > 0 && percent > 99.9) return "> 99.9%";
  if (succeeded > 0 && percent < 0.1) return "< 0.1%";
  return `${oneDigit.format(percent)}%`;
}

/** "–" while no execution has ended. */
export function writeAverage(averageMs: number, ended: number): string {
  return ended === 0 ? NONE : writeDuration(averageMs);
}

const UNITS: readonly [unit: Intl.RelativeTimeFormatUnit, milliseconds: number][] = [
  ["year", 31_557_600_000],
  ["month", 2_629_800_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
];

/** "2m ago"; "just now" within five seconds, and for what a clock that is ahead calls the near future. */
export function writeAge(at: number, now: number): string {
  const age = now - at;
  if (Math.abs(age) < 5_000) return "just now";
  const [unit, milliseconds] = UNITS.find(([, length]) => Math.abs(age) >= length) ?? ["second", 1_000];
  return relative.format(-Math.trunc(age / milliseconds), unit);
}

/** "Nov 21, 2026, 4:20:53 PM", in the reader's time zone. */
export function writeTime(at: number): string {
  return absolute.format(at);
}
