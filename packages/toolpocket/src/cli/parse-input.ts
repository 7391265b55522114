/** Parses the input of a call, and says where it is no JSON. */
import { parse, type ParseError, printParseErrorCode } from "jsonc-parser";
import { usageError } from "./usage-error.ts";

/** @throws PocketError ERR_POCKET_USAGE with `details: { line, column }` */
export function parseInput(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { line, column, reason } = findFault(text);
    throw usageError(
      `INPUT is not JSON: line ${line}, column ${column}: ${reason}`,
      `quote it for the shell, for example '{"city":"Seoul"}'`,
      { line, column },
    );
  }
}

/** JSON.parse does not always tell the place. */
function findFault(text: string): { line: number; column: number; reason: string } {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  const before = text.slice(0, first?.offset ?? 0);
  const reason = first === undefined ? "unexpected text" : describe(printParseErrorCode(first.error));
  return { line: before.split("\n").length, column: before.length - before.lastIndexOf("\n"), reason };
}

/** `PropertyNameExpected` as `property name expected`. */
function describe(code: string): string {
  return code.replaceAll(/(?<=[a-z])[A-Z]/gu, (letter) => ` ${letter}`).toLowerCase();
}
