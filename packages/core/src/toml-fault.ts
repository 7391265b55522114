/** What is wrong with a text that is no TOML, as an error with its place. */
import { PocketError, type PocketErrorCode } from "./errors.ts";
import type { TextPosition } from "./text-position.ts";

/** How a faulty file is called, and the code of its error. */
export interface TextOrigin {
  readonly file: string;
  readonly code: PocketErrorCode;
}

interface SyntaxFault extends TextPosition {
  readonly reason: string;
  readonly cause?: unknown;
}

export function syntaxError({ file, code }: TextOrigin, { line, column, reason, cause }: SyntaxFault): PocketError {
  return new PocketError(code, `${file} is not valid TOML: line ${line}, column ${column}: ${reason}`, {
    hint: `correct ${file} at line ${line}`,
    details: { file, line, column },
    ...(cause !== undefined && { cause }),
  });
}

/** A library's message, to stand behind a colon. */
export function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
