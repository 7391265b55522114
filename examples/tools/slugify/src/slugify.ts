/** Turns text into a slug. */
import { toAscii } from "./to-ascii.ts";

export interface SlugOptions {
  /** @defaultValue "-" */
  separator?: string;
  /** @defaultValue 80 */
  maxLength?: number;
}

/** The slug of `text`: cut after whole words; a first word that is too long is cut inside. */
export function slugify(text: string, { separator = "-", maxLength = 80 }: SlugOptions = {}): string {
  const words =
    toAscii(text)
      .toLowerCase()
      .replaceAll(/['’]/gu, "")
      .match(/[a-z0-9]+/gu) ?? [];
  let slug = (words.shift() ?? "").slice(0, maxLength);
  for (const word of words) {
    const longer = slug + separator + word;
    if (longer.length > maxLength) break;
    slug = longer;
  }
  return slug;
}
