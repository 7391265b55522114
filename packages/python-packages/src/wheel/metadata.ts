/** METADATA of a wheel: name, version, and what the package requires (core metadata specifications). */
import { TextDecoder } from "node:util";

/** What is read of it. */
export interface PackageMetadata {
  readonly name: string;
  readonly version: string;
  readonly requires: readonly string[];
  readonly requiresPython?: string;
}

/** Larger ones describe no package. */
const MAX_METADATA_BYTES = 4_194_304;
/** Requirements of one package, all extras together. */
const MAX_REQUIRES = 5_000;

/** The headers of METADATA; the description behind them is not read. Undefined where name or version is missing, or there is too much. */
export function parseMetadata(content: Uint8Array): PackageMetadata | undefined {
  if (content.length > MAX_METADATA_BYTES) return undefined;
  const headers = parseHeaders(new TextDecoder().decode(content));
  const first = (name: string): string | undefined => headers.find(([key]) => key === name)?.[1];
  const [name, version, requiresPython] = [first("name"), first("version"), first("requires-python")];
  if (name === undefined || version === undefined) return undefined;
  const requires = headers.flatMap(([key, value]) => (key === "requires-dist" ? [value] : []));
  if (requires.length > MAX_REQUIRES) return undefined;
  return { name, version, requires, ...(requiresPython !== undefined && { requiresPython }) };
}

/** Names in lower case; a line that begins with a blank continues the one before it. */
function parseHeaders(text: string): (readonly [string, string])[] {
  const [head = ""] = text.split(/\r?\n\r?\n/u, 1);
  return head
    .replaceAll(/\r?\n[ \t]+/gu, " ")
    .split(/\r?\n/u)
    .flatMap((line) => {
      const at = line.indexOf(":");
      return at < 1 ? [] : [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()] as const];
    });
}
