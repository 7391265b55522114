/** Nearest names: what the user may have meant by a ref or a path that does not exist. */
import { distance } from "fastest-levenshtein";

/** Names longer than this are not compared: they are not typed by hand, and comparing them is slow. */
const MAX_COMPARED_LENGTH = 200;

/** Up to `count` of `candidates` that are near to `name`, the nearest first. */
export function nearestNames(name: string, candidates: Iterable<string>, count = 3): string[] {
  const wanted = name.toLowerCase();
  if (wanted.length > MAX_COMPARED_LENGTH) return [];
  const near: { candidate: string; far: number }[] = [];
  for (const candidate of new Set(candidates)) {
    if (candidate.length > MAX_COMPARED_LENGTH) continue;
    const given = candidate.toLowerCase();
    const far = isContained(wanted, given) ? 1 : distance(wanted, given);
    if (candidate !== "" && far <= Math.max(2, wanted.length / 2)) near.push({ candidate, far });
  }
  near.sort((a, b) => a.far - b.far || (a.candidate < b.candidate ? -1 : 1));
  return near.slice(0, count).map(({ candidate }) => candidate);
}

function isContained(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= 3 && (a.includes(b) || b.includes(a));
}

/** A hint that offers the nearest names, or `otherwise` when nothing is near. */
export function hintNearest(name: string, candidates: Iterable<string>, otherwise: string): string {
  const near = nearestNames(name, candidates).map((candidate) => JSON.stringify(candidate));
  if (near.length === 0) return otherwise;
  return `use ${new Intl.ListFormat("en", { type: "disjunction" }).format(near)}, or ${otherwise}`;
}
