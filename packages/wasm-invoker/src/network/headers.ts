/** HTTP headers as pairs, in order: what the broker reads and changes. */

export type Header = readonly [name: string, value: string];

/** Of every header so named, in any letters' case. */
export function headerValues(headers: readonly Header[], name: string): readonly string[] {
  return headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
}

export function withoutHeaders(headers: readonly Header[], names: Iterable<string>): readonly Header[] {
  const dropped = new Set(names);
  return headers.filter(([name]) => !dropped.has(name.toLowerCase()));
}

/** The comma-separated entries of every header so named, in lower case. */
export function headerEntries(headers: readonly Header[], name: string): readonly string[] {
  const entries = headerValues(headers, name).flatMap((value) => value.split(","));
  return entries.map((entry) => entry.trim().toLowerCase()).filter((entry) => entry !== "");
}

/** Pairs out of the flat list that undici gives. */
export function pairHeaders(flat: readonly string[]): readonly Header[] {
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? ""] as const] : []));
}
