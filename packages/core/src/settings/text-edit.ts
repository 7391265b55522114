/** Changes parts of a text and leaves every other character where it is. */

/** Puts `text` in the place of what stands from `start` to `end`. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text after edits that do not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start || b.end - a.end)
    .reduce((edited, { start, end, text: part }) => edited.slice(0, start) + part + edited.slice(end), text);
}

/** Removes the lines that the range touches, with the line feed of the last one. */
export function removeLines(text: string, [start, end]: readonly [number, number]): TextEdit {
  return { start: lineStart(text, start), end: nextLine(text, end), text: "" };
}

/** As `removeLines`, with the blank lines that follow, so that none are left between what stood around it. */
export function removeBlock(text: string, range: readonly [number, number]): TextEdit {
  const { start, end } = removeLines(text, range);
  const blank = /^(?:[ \t]*\r?\n)*/u.exec(text.slice(end))?.[0].length ?? 0;
  return { start, end: end + blank, text: "" };
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** The start of the line after the one that `offset` stands in, or the end of the text. */
export function nextLine(text: string, offset: number): number {
  const feed = text.indexOf("\n", offset);
  return feed === -1 ? text.length : feed + 1;
}
