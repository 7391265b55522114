/** Counts the edits between a name that was typed and the one that was meant. */
import { distance } from "fastest-levenshtein";

/** Letters added, removed and replaced; two neighbours that changed places, and nothing else, are one edit. */
export function countEdits(typed: string, meant: string): number {
  return isTransposed(typed, meant) ? 1 : distance(typed, meant);
}

function isTransposed(typed: string, meant: string): boolean {
  if (typed.length !== meant.length || typed === meant) return false;
  let at = 0;
  while (typed[at] === meant[at]) at += 1;
  const swapped = `${typed.slice(0, at)}${typed[at + 1] ?? ""}${typed[at] ?? ""}${typed.slice(at + 2)}`;
  return swapped === meant;
}
