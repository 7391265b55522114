/** The units that are known, and how to find one. */

export interface Unit {
  readonly symbol: string;
  readonly kind: string;
  /** Base units in one of this unit. */
  readonly factor: number;
  /** Base units at zero of this unit. @defaultValue 0 */
  readonly offset?: number;
}

/** Factors to metre, kilogram, litre, metre a second and byte; all are exact by definition. */
const FACTORS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  length: { m: 1, km: 1000, cm: 0.01, mm: 0.001, in: 0.0254, ft: 0.3048, yd: 0.9144, mi: 1609.344, nmi: 1852 },
  mass: { kg: 1, g: 0.001, mg: 0.000_001, t: 1000, oz: 0.028_349_523_125, lb: 0.453_592_37 },
  volume: { l: 1, ml: 0.001, m3: 1000, gal: 3.785_411_784, pt: 0.473_176_473, cup: 0.236_588_236_5 },
  speed: { "m/s": 1, "km/h": 1 / 3.6, mph: 0.447_04, kn: 1852 / 3600 },
  data: { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 },
};

const TEMPERATURES: readonly Unit[] = [
  { symbol: "K", kind: "temperature", factor: 1 },
  { symbol: "°C", kind: "temperature", factor: 1, offset: 273.15 },
  { symbol: "°F", kind: "temperature", factor: 5 / 9, offset: (459.67 * 5) / 9 },
];

const UNITS: readonly Unit[] = [
  ...Object.entries(FACTORS).flatMap(([kind, units]) =>
    Object.entries(units).map(([symbol, factor]) => ({ symbol, kind, factor })),
  ),
  ...TEMPERATURES,
];

/** By symbol, with or without the degree sign. Case tells units apart, so it counts where there is more than one. */
export function findUnit(symbol: string): Unit {
  const plain = symbol.replace("°", "");
  const matches = UNITS.filter((unit) => unit.symbol.replace("°", "").toLowerCase() === plain.toLowerCase());
  const match = matches.find((unit) => unit.symbol.replace("°", "") === plain) ?? matches[0];
  if (match !== undefined) return match;
  throw new Error(`no unit "${symbol}"; known are ${UNITS.map((unit) => unit.symbol).join(", ")}`);
}
