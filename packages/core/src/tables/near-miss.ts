/** Tells a key that was mistyped from one that belongs to somebody else, in files that tolerate foreign keys. */
import { countEdits } from "../edits.ts";
import { quoteText } from "./describe-value.ts";
import type { TableReader } from "./table-reader.ts";

/**
 * The known key that `key` was most likely meant to be: one edit away, two where the key has more than six letters,
 * so that "author" is not taken for "auth".
 */
export function mistypedKey(key: string, known: readonly string[]): string | undefined {
  const allowed = key.length > 6 ? 2 : 1;
  return known.find((name) => Math.abs(name.length - key.length) <= allowed && countEdits(key, name) <= allowed);
}

/**
 * The keys of a table that are not `known`, to be warned of.
 * @throws PocketError of the table when one of them is a mistyped known key.
 */
export function findForeignKeys(table: TableReader, known: readonly string[]): readonly string[] {
  const foreign = table.keys.filter((key) => !known.includes(key));
  for (const key of foreign) {
    const meant = mistypedKey(key, known);
    if (meant === undefined) continue;
    throw table.fault(key, `unknown key ${quoteText(key)}, did you mean "${meant}"?`, {
      found: key,
      nearest: meant,
      hint: `write ${meant}`,
    });
  }
  return foreign;
}
