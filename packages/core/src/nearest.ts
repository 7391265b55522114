/** Finds the valid name that is nearest to a wrong one, for error messages. */
import { countEdits } from "./edits.ts";

/** Names beyond this length come from no keyboard; comparing them would only cost time. */
const MAX_NAME_LENGTH = 200;

/**
 * The candidate with the fewest edits away from `name`, upper and lower case being alike; undefined when none is near:
 * two edits are near, in a long name one edit for each three letters. The first of equals wins.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > MAX_NAME_LENGTH) return undefined;
  const wanted = name.toLowerCase();
  let nearest: string | undefined;
  let fewest = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= fewest) continue;
    const edits = countEdits(wanted, candidate.toLowerCase());
    if (edits < fewest && edits < Math.max(name.length, candidate.length)) {
      nearest = candidate;
      fewest = edits;
    }
  }
  return nearest;
}

/** `, did you mean "x"?` to stand behind a wrong name, or "" when no candidate is near. */
export function nearestHint(name: string, candidates: Iterable<string>): string {
  const nearest = nearestName(name, candidates);
  return nearest === undefined ? "" : `, did you mean "${nearest}"?`;
}
