/** The page that text is rendered for: how wide it is, and whether it has colours. */
import { styleText } from "node:util";

/** Each gives its text back styled, or as it is where there are no colours. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

export interface Page {
  /** Columns; Infinity where nobody reads it on a terminal. */
  readonly width: number;
  readonly style: Style;
  readonly isTerminal: boolean;
}

/** What of a stream matters here; a file and a pipe have neither columns nor colours. */
export interface PageStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  hasColors?: () => boolean;
}

/** The page of an output stream. Colours follow the terminal, NO_COLOR and TERM, as Node reads them. */
export function openPage(stream: PageStream): Page {
  if (stream.isTTY !== true) return PLAIN_PAGE;
  return { isTerminal: true, width: stream.columns ?? 80, style: createStyle(stream.hasColors?.() === true) };
}

function createStyle(hasColors: boolean): Style {
  const apply = (format: keyof Style) => (text: string) =>
    hasColors && text !== "" ? styleText(format, text, { validateStream: false }) : text;
  return { bold: apply("bold"), dim: apply("dim"), red: apply("red"), green: apply("green"), yellow: apply("yellow") };
}

/** A file or a pipe. */
export const PLAIN_PAGE: Page = { isTerminal: false, width: Number.POSITIVE_INFINITY, style: createStyle(false) };
