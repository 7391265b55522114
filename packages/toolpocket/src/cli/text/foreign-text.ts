/** Makes text of strangers safe to print: a terminal obeys control characters, and a reader does not see others. */
import { showInvisible } from "@toolpocket/core/messages";

/** On one line, with everything invisible shown: for names, descriptions, paths. */
export function toLine(text: string): string {
  return showInvisible(
    text
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "")
      .join(" ")
      .replaceAll("\t", " "),
  );
}

/** Several lines, with everything invisible shown: for a readme. */
export function toLines(text: string): string {
  return showInvisible(text.replaceAll("\r\n", "\n"));
}

/** What a tool wrote, for a terminal: the characters that would move its cursor or change its title are shown. */
export function toTerminal(text: string): string {
  return text.replaceAll(/(?![\n\t])\p{Cc}/gu, (character) => (character === "\r" ? "" : showInvisible(character)));
}
