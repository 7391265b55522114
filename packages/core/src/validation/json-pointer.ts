/** Writes JSON pointers (RFC 6901). */

/** For example `/a~1b/0`; "" for the whole. */
export function pointerTo(path: readonly string[]): string {
  return path.map((segment) => `/${segment.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
