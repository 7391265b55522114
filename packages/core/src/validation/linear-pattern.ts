/** Matches the patterns of a schema, which a stranger wrote, in linear time wherever that is possible. */
import { createRequire } from "node:module";
import type * as Re2 from "re2js";

const require = createRequire(import.meta.url);

/** What ajv needs of a compiled pattern; it keeps patterns apart by their text. */
export interface PatternMatcher {
  test(text: string): boolean;
  toString(): string;
}

/**
 * The matcher of an ECMAScript pattern. RE2 runs what it can express, so no pattern that it takes can run away; look-around,
 * back references and other things that RE2 lacks go to the built-in engine, for which the caller's time limit stands.
 * A pattern that is valid only without the flag `u` is still read as Unicode by RE2: `[\p{L}\-]` means letters.
 * @throws SyntaxError when it is no ECMAScript pattern.
 */
export function createPatternMatcher(pattern: string): PatternMatcher {
  const native = compileNative(pattern);
  const linear = compileLinear(pattern);
  return { test: (text) => linear?.test(text) ?? native.test(text), toString: () => pattern };
}

/** Whether `pattern` is an ECMAScript pattern, strict (flag `u`) or as older schemas have it (`\-`, `\_`). */
export function isPattern(pattern: string): boolean {
  try {
    compileNative(pattern);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function compileNative(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "u");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return new RegExp(pattern);
  }
}

function compileLinear(pattern: string): Re2.RE2JS | undefined {
  const translated = toLinearSyntax(pattern);
  if (translated === undefined) return undefined;
  // Loaded here, because few schemas have patterns.
  const { RE2JS, RE2JSException } = require("re2js") as typeof Re2;
  try {
    return RE2JS.compile(translated);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return undefined;
  }
}

const ANY_BUT_LINE_END = String.raw`[^\n\r\x{2028}\x{2029}]`;
/** ECMAScript's `\s`; RE2's own is ASCII only. */
const SPACES = String.raw`\t\n\x0B\f\r \x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}`;

const TOKEN =
  /\\u\{[0-9A-Fa-f]+\}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\[pP]\{[^}]*\}|\\.|\(\?(?:<\w+>|.)|\[\^?\]?|[^]/gsu;

/** The pattern as RE2 writes it, with the same meaning; undefined where that is not certain. */
export function toLinearSyntax(pattern: string): string | undefined {
  let isInClass = false;
  let translated = "";
  for (const [token] of pattern.matchAll(TOKEN)) {
    const part = isInClass ? classToken(token) : plainToken(token);
    if (part === undefined) return undefined;
    translated += part;
    if (token.startsWith("[")) isInClass = true;
    else if (token === "]") isInClass = false;
  }
  return translated;
}

function plainToken(token: string): string | undefined {
  if (token === ".") return ANY_BUT_LINE_END;
  if (token === String.raw`\s`) return `[${SPACES}]`;
  if (token === String.raw`\S`) return `[^${SPACES}]`;
  if (/^\\[bB]$/u.test(token)) return token;
  if (token === "(?:") return token;
  if (/^\(\?<\w+>$/u.test(token)) return "(?:";
  if (token.startsWith("(?")) return undefined;
  // `[]` and `[^]`: the empty class and its opposite, which RE2 reads otherwise.
  if (token.startsWith("[") && token.endsWith("]")) return undefined;
  return escapeToken(token);
}

function classToken(token: string): string | undefined {
  if (token === String.raw`\s`) return SPACES;
  // A `[` inside a class is itself, where RE2 could see the start of `[:alpha:]`.
  if (token.startsWith("[") || token.startsWith("(")) return token.length === 1 ? `\\${token}` : undefined;
  return escapeToken(token);
}

/** Escapes that mean the same in a class and outside of it; undefined for those that RE2 takes otherwise. */
function escapeToken(token: string): string | undefined {
  if (!token.startsWith("\\")) return token;
  if (/^\\[dDwWtnrfv]$/u.test(token)) return token;
  if (/^\\[^\w\s]$/u.test(token)) return token;
  if (/^\\[pP]\{/u.test(token)) return token;
  const hex = /^\\(?:u\{([^}]+)\}|[ux]([^{}]+))$/u.exec(token);
  const digits = hex?.[1] ?? hex?.[2];
  if (digits === undefined || /^[dD][89a-fA-F]/u.test(digits.padStart(4, "0"))) return undefined;
  return `\\x{${digits}}`;
}
