/** Says in a message what was found in a file, so that hostile text in it can do no harm there. */
import { showInvisible } from "../show-invisible.ts";

const MAX_SHOWN_LENGTH = 60;

/** For example `"pyton"`, `5`, `a list`, `a table`, `nothing`; long text is cut. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return value === null ? "null" : "nothing";
  if (typeof value === "string") return quoteText(value);
  if (Array.isArray(value)) return "a list";
  if (value instanceof Date) return "a date";
  return typeof value === "object" ? "a table" : String(value);
}

/** `text` in double quotes, on one line, with invisible characters made visible, and cut when it is long. */
export function quoteText(text: string): string {
  const shown = text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text;
  return JSON.stringify(showInvisible(shown));
}
