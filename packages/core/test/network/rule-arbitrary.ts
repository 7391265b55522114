/** Network rules and requests of every form, for properties. */
import fc from "fast-check";
import { parseNetworkRule } from "../../src/network/parse-network-rule.ts";

const name = fc.domain().map((domain) => domain.toLowerCase());
const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6().map((ip) => `[${ip}]`),
);

export const host = fc.oneof(
  { weight: 4, arbitrary: name },
  { weight: 2, arbitrary: fc.constantFrom("a.example", "b.a.example", "a.b.a.example", "localhost", "x.localhost") },
  { weight: 1, arbitrary: address },
);
const pattern = fc.oneof(
  host,
  name.map((domain) => `*.${domain}`),
  fc.constantFrom("*", "*.example", "*.a.example"),
);
export const method = fc.constantFrom("GET", "HEAD", "POST", "PUT", "DELETE");
export const scheme = fc.constantFrom("http", "https");
export const port = fc.oneof(fc.constantFrom(80, 443, 8443), fc.integer({ min: 1, max: 65_535 }));
const segment = fc.constantFrom("v1", "v10", "a", "b", "%C3%A4", "x%20y");
export const path = fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join("/")}`);

export const ruleText = fc
  .record({
    methods: fc.option(fc.uniqueArray(method, { minLength: 1, maxLength: 3 })),
    scheme: fc.option(scheme),
    host: pattern,
    port: fc.option(port),
    path: fc.option(path),
    isPrivate: fc.boolean(),
  })
  .map(
    (rule) =>
      `${rule.methods === null ? "" : `${rule.methods.join(",")} `}${rule.scheme === null ? "" : `${rule.scheme}://`}` +
      `${rule.host}${rule.port === null ? "" : `:${rule.port}`}${rule.path ?? ""}${rule.isPrivate ? " private" : ""}`,
  );

export const rule = ruleText.map(parseNetworkRule);

export const request = fc
  .record({ method, scheme, host, port: fc.option(port), path })
  .map(({ port: door, ...parts }) => ({
    method: parts.method,
    url: new URL(`${parts.scheme}://${parts.host}${door === null ? "" : `:${door}`}${parts.path}`),
  }));
