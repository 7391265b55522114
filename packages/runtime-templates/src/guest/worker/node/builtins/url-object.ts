/** The object that `url.parse` gives: Node's `Url`, with its fields in Node's order. */
import type { Exports } from "../node-realm.ts";

const FIELDS = [
  "protocol",
  "slashes",
  "auth",
  "host",
  "port",
  "hostname",
  "hash",
  "search",
  "query",
  "pathname",
  "path",
  "href",
] as const;

/** @param library the legacy parser's own functions */
export function createUrlObject(library: Exports): Exports {
  function Url(this: Exports): void {
    for (const field of FIELDS) this[field] = null;
  }
  const fill = (target: Exports, source: Exports): Exports => {
    for (const field of FIELDS) target[field] = source[field];
    return target;
  };
  const parser = new library.Url();
  const parse = (text: Exports, ...options: unknown[]): Exports => {
    if (text instanceof (Url as Exports)) return text;
    return fill(new (Url as Exports)(), new library.Url().parse(text, ...options));
  };
  const toLibrary = (url: Exports): Exports => Object.assign(Object.create(Object.getPrototypeOf(parser)), url);
  Object.assign(Url.prototype, {
    parse(this: Exports, ...values: unknown[]) {
      return fill(this, new library.Url().parse(...values));
    },
    format(this: Exports) {
      return toLibrary(this).format();
    },
    resolve(this: Exports, relative: string) {
      return toLibrary(this)
        .resolveObject(toLibrary(parse(relative, false, true)))
        .format();
    },
    resolveObject(this: Exports, relative: Exports) {
      return fill(new (Url as Exports)(), toLibrary(this).resolveObject(relative));
    },
  });
  return {
    Url,
    parse,
    format: (value: Exports) => (typeof value === "string" ? parse(value).format() : toLibrary(value).format()),
    resolve: (from: string, to: string) => parse(from, false, true).resolve(to),
    resolveObject: (from: Exports, to: Exports) => (from ? parse(from, false, true).resolveObject(to) : to),
  };
}
