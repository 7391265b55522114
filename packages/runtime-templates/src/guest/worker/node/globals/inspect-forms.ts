/** How the web's own classes are inspected: as Node's classes of the same names. */
import type { Exports } from "../node-realm.ts";

const INSPECT = Symbol.for("nodejs.util.inspect.custom");

interface InspectOptions {
  readonly depth?: number | null;
}
type Inspect = (value: unknown, options?: InspectOptions) => string;

/** Fields that are shown for each class, in Node's order. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  URL: [
    "href",
    "origin",
    "protocol",
    "username",
    "password",
    "host",
    "hostname",
    "port",
    "pathname",
    "search",
    "searchParams",
    "hash",
  ],
  AbortSignal: ["aborted"],
  AbortController: ["signal"],
  Blob: ["size", "type"],
  Event: ["type", "defaultPrevented", "cancelable", "timeStamp"],
};

/** Gives each class its form; the symbol does not show up among its properties. */
export function installInspectForms(): void {
  for (const [name, fields] of Object.entries(FIELDS)) {
    define((globalThis as Exports)[name], function (value, options, inspect) {
      if (typeof options.depth === "number" && options.depth < 0) return value;
      const shown: Exports = {};
      for (const field of fields) shown[field] = value[field];
      return `${value.constructor?.name ?? name} ${inspect(shown, options)}`;
    });
  }
  define(URLSearchParams, (value, options, inspect) => {
    const pairs = Array.from(
      value as URLSearchParams,
      ([key, text]) => `${inspect(key, options)} => ${inspect(text, options)}`,
    );
    return pairs.length === 0 ? "URLSearchParams {}" : `URLSearchParams { ${pairs.join(", ")} }`;
  });
  define(Headers, (value, options, inspect) => `Headers ${inspect(Object.fromEntries(value as Headers), options)}`);
}

function define(
  constructor: Exports,
  show: (value: Exports, options: InspectOptions, inspect: Inspect) => unknown,
): void {
  Object.defineProperty(constructor.prototype, INSPECT, {
    configurable: true,
    writable: true,
    value(this: unknown, depth: number, options: InspectOptions, inspect: Inspect): unknown {
      return show(this, { ...options, depth: options.depth === null ? null : depth }, inspect);
    },
  });
}
