/** Makes visible what a terminal or a reviewer would not see in a text. */

/**
 * Control and format characters (zero-width, bidirectional, tags), variation selectors and other ignorables, line and
 * paragraph separators, spaces other than U+0020, blank glyphs, lone surrogates, private and unassigned code points.
 */
const INVISIBLE =
  /(?![\n\t])\p{Cc}|[\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

/** `text` with each invisible character written as `⟨U+200B⟩`; line feeds and tabs stay. */
export function showInvisible(text: string): string {
  return text.replace(INVISIBLE, (character) => {
    const codePoint = character.codePointAt(0) ?? 0;
    return `⟨U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}

/** Whether `showInvisible` would change the text. */
export function hasInvisible(text: string): boolean {
  return showInvisible(text) !== text;
}
