/** Header fields of `node:http`: what is set on a request, and what an answer's message shows. */
import { createNodeError } from "../errors/node-error.ts";

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u;
const FORBIDDEN_IN_VALUE = /[^\t\u0020-\u007e\u0080-\u00ff]/u;

/** Fields of which a message shows the first only. */
const FIRST_WINS = new Set([
  "age",
  "authorization",
  "content-length",
  "content-type",
  "etag",
  "expires",
  "from",
  "host",
  "if-modified-since",
  "if-unmodified-since",
  "last-modified",
  "location",
  "max-forwards",
  "proxy-authorization",
  "referer",
  "retry-after",
  "server",
  "user-agent",
]);

export type HeaderValue = string | readonly string[];

export function checkHeaderName(name: string): void {
  if (TOKEN.test(name)) return;
  throw createNodeError(
    TypeError,
    "ERR_INVALID_HTTP_TOKEN",
    `Header name must be a valid HTTP token [${JSON.stringify(name)}]`,
  );
}

export function checkHeaderValue(name: string, value: unknown): void {
  if (value === undefined) {
    throw createNodeError(TypeError, "ERR_HTTP_INVALID_HEADER_VALUE", `Invalid value "undefined" for header "${name}"`);
  }
  if (!FORBIDDEN_IN_VALUE.test(String(value))) return;
  throw createNodeError(TypeError, "ERR_INVALID_CHAR", `Invalid character in header content ["${name}"]`);
}

/** The fields of a request: each name once, in the spelling of who set it last. */
export function createHeaderFields() {
  const fields = new Map<string, { readonly name: string; readonly value: HeaderValue }>();
  return {
    set(name: string, value: unknown): void {
      checkHeaderName(name);
      const values = Array.isArray(value) ? value.map(String) : String(value);
      for (const each of Array.isArray(value) ? value : [value]) checkHeaderValue(name, each);
      fields.set(name.toLowerCase(), { name, value: values });
    },
    get: (name: string): HeaderValue | undefined => fields.get(name.toLowerCase())?.value,
    has: (name: string): boolean => fields.has(name.toLowerCase()),
    remove: (name: string): boolean => fields.delete(name.toLowerCase()),
    names: (): string[] => [...fields.keys()],
    rawNames: (): string[] => Array.from(fields.values(), ({ name }) => name),
    toObject: (): Record<string, HeaderValue> =>
      Object.fromEntries(Array.from(fields, ([name, { value }]) => [name, value])),
    toEntries: (): [string, string][] =>
      [...fields.values()].flatMap(({ name, value }) =>
        (typeof value === "string" ? [value] : value).map((each): [string, string] => [name, each]),
      ),
  };
}

/** An answer's fields as `message.headers` shows them. */
export function joinHeaders(entries: readonly (readonly [string, string])[]): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [given, value] of entries) {
    const name = given.toLowerCase();
    const before = headers[name];
    if (name === "set-cookie") headers[name] = [...(before ?? []), value];
    else if (before === undefined) headers[name] = value;
    else if (!FIRST_WINS.has(name)) headers[name] = `${String(before)}${name === "cookie" ? "; " : ", "}${value}`;
  }
  return headers;
}
