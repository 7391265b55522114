/** Compares a request's path with a rule's, without being fooled by other spellings of the same path. */

/**
 * `path` of a parsed URL in the one spelling that is compared: needless escapes undone, the others in capitals. Undefined
 * where servers differ on what it means: an encoded slash, backslash, percent sign or control character, an empty segment,
 * or a segment that is "." or ".." to some.
 */
export function canonicalPath(path: string): string | undefined {
  if (/\\|%(?![0-9a-f]{2})/iu.test(path)) return undefined;
  const decoded = path.replaceAll(/%[0-9a-f]{2}/giu, (escape) => {
    const character = String.fromCodePoint(Number.parseInt(escape.slice(1), 16));
    return /[A-Za-z0-9._~-]/u.test(character) ? character : escape.toUpperCase();
  });
  if (/\/\/|%2F|%5C|%25|%[01][0-9A-F]|%7F/u.test(decoded)) return undefined;
  if (decoded.split("/").some((segment) => /^\.{1,2}(?:;|%3B|$)/u.test(segment))) return undefined;
  return decoded;
}

/** Whether `path` equals `prefix`, or goes on where a segment of it ends. */
export function isBelowPath(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`);
}

/** Whether a server may take `path` for one under `prefix`: also in other letters' case, and with `;parameters`. */
export function mayBeBelowPath(path: string, prefix: string): boolean {
  const canonical = canonicalPath(path);
  if (canonical === undefined) return true;
  const bare = (text: string): string => text.replaceAll(/(?:;|%3B)[^/]*/gu, "").toLowerCase();
  const wanted = bare(prefix);
  return isBelowPath(bare(canonical), wanted) || `${bare(canonical)}/` === wanted;
}
