/** The error of a request that names no source. */
import { PocketError, type PocketErrorOptions } from "../errors.ts";

/** What is wrong with `text` as a source, and how to write it. Credentials in it are not repeated. */
export function invalidSource(text: string, problem: string, options: PocketErrorOptions): PocketError {
  return new PocketError("ERR_POCKET_SOURCE_INVALID", `the source ${printable(text)} ${problem}`, options);
}

/** `text` in quotes and on one line, cut where it is endless. */
function printable(text: string): string {
  const plain = text.replace(/^((?:[a-z][a-z0-9+.-]*:\/\/)?)[^/?#]*@/iu, "$1");
  return JSON.stringify(plain.length > 300 ? `${plain.slice(0, 300)}…` : plain);
}
