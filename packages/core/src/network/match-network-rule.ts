/** Whether a rule means a request, or all that another rule means. */
import { isIP } from "node:net";
import { hostOfUrl } from "./host-name.ts";
import type { NetworkRule } from "./network-rule.ts";
import { canonicalPath, isBelowPath, mayBeBelowPath } from "./url-path.ts";

/** A request, as rules see it. */
export interface NetworkRequest {
  /** In capitals, as it is sent. */
  readonly method: string;
  readonly url: URL;
}

/** What a port is, and means without one: "https" and 443. */
type Door = readonly [scheme: "http" | "https", port: number];

const DEFAULT_PORTS = { http: 80, https: 443 } as const;

/** Whether `rule` allows the request; a path that servers read in different ways is under no path of a rule. */
export function matchNetworkRule(rule: NetworkRule, request: NetworkRequest): boolean {
  if (!meansPlace(rule, request)) return false;
  if (rule.path === undefined) return true;
  const path = canonicalPath(request.url.pathname);
  return path !== undefined && isBelowPath(path, rule.path);
}

/** Whether `rule`, being one of `deny`, forbids the request: also where a server may only perhaps read its path so. */
export function deniesNetworkRequest(rule: NetworkRule, request: NetworkRequest): boolean {
  return meansPlace(rule, request) && (rule.path === undefined || mayBeBelowPath(request.url.pathname, rule.path));
}

/** Whether `grant` allows everything that `asked` means. */
export function coversNetworkRule(grant: NetworkRule, asked: NetworkRule): boolean {
  const { methods, path } = grant;
  if (methods !== undefined && !(asked.methods?.every((method) => methods.includes(method)) ?? false)) return false;
  const doors = doorsOf(grant);
  if (!doorsOf(asked).every((door) => doors.some((open) => open[0] === door[0] && open[1] === door[1]))) return false;
  if (!coversHost(grant.host, asked.host)) return false;
  if (path !== undefined && (asked.path === undefined || !isBelowPath(asked.path, path))) return false;
  return grant.isPrivate || !asked.isPrivate;
}

/** The port that `url` means, its scheme's own where it names none. */
export function portOfUrl(url: URL): number {
  return url.port === "" ? DEFAULT_PORTS[url.protocol === "http:" ? "http" : "https"] : Number(url.port);
}

function meansPlace(rule: NetworkRule, { method, url }: NetworkRequest): boolean {
  if (rule.methods !== undefined && !rule.methods.includes(method)) return false;
  const port = portOfUrl(url);
  if (!doorsOf(rule).some((door) => `${door[0]}:` === url.protocol && door[1] === port)) return false;
  return coversHost(rule.host, hostOfUrl(url));
}

function doorsOf({ scheme, port }: NetworkRule): readonly Door[] {
  const schemes = scheme === undefined ? (["http", "https"] as const) : [scheme];
  return schemes.map((name) => [name, port ?? DEFAULT_PORTS[name]]);
}

/** `asked` may be a pattern too. */
function coversHost(pattern: string, asked: string): boolean {
  if (pattern === "*" || pattern === asked) return true;
  if (!pattern.startsWith("*.") || isIP(asked) !== 0) return false;
  const suffix = pattern.slice(1);
  return asked.endsWith(suffix) && asked.length > suffix.length;
}
