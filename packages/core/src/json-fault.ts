/** Finds the place where a text stops being JSON: JSON.parse does not always tell it. */
import { createRequire } from "node:module";
import type * as Jsonc from "jsonc-parser";

const require = createRequire(import.meta.url);

export interface JsonFault {
  /** Of the first code unit that is wrong. */
  readonly offset: number;
  /** In words, for example "invalid symbol". */
  readonly reason: string;
}

/** The first fault of a text that JSON.parse has refused. */
export function findJsonFault(text: string): JsonFault {
  // Loaded here, because texts seldom have a fault.
  const { parse, printParseErrorCode } = require("jsonc-parser") as typeof Jsonc;
  const errors: Jsonc.ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (first === undefined) return { offset: text.length, reason: "unexpected end" };
  const words = printParseErrorCode(first.error).replaceAll(/(?<=[a-z])(?=[A-Z])/gu, " ");
  return { offset: first.offset, reason: words.toLowerCase() };
}
