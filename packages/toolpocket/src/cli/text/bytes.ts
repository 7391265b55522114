/** Sizes as people read them. */

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** For example "31.4 MiB". */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  const amount = bytes / 1024 ** power;
  return `${power === 0 || amount >= 100 ? Math.round(amount) : Math.round(amount * 10) / 10} ${UNITS[power] ?? ""}`;
}
