/** Writes JSON so that equal values give equal bytes, for digests. */
import { isJsonObject, type JsonValue } from "./json.ts";

/** JSON without spaces, the keys of each object sorted by UTF-16 code units, as in RFC 8785. */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${members.join(",")}}`;
}
