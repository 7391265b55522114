/** One spelling for each host, so that rules and requests can be compared: what WHATWG URLs do, and no trailing dot. */
import { isIP } from "node:net";
import { isPublicAddress } from "./public-address.ts";

/** The longest name that DNS can hold. */
const MAX_HOST_LENGTH = 253;

/** Of an http URL: in lower case, IDN as punycode, IP addresses in canonical form without brackets, no trailing dot. */
export function hostOfUrl(url: URL): string {
  const host = url.hostname;
  if (host.startsWith("[")) return host.slice(1, -1);
  return host.endsWith(".") ? host.slice(0, -1) : host;
}

/** `host` as in a URL, in its canonical form; undefined where it is no host. */
export function canonicalHost(host: string): string | undefined {
  // What would be another part of the URL, or be decoded or dropped by its parser, is no part of a name.
  if (/[\s/?#\\@%*\p{Cc}\p{Cf}]/u.test(host) || (host.includes(":") && !/^\[[^[\]]+\]$/u.test(host))) return undefined;
  if (!URL.canParse(`http://${host}/`)) return undefined;
  const canonical = hostOfUrl(new URL(`http://${host}/`));
  const isName = isIP(canonical) === 0;
  if (isName && (canonical.length > MAX_HOST_LENGTH || canonical.split(".").includes(""))) return undefined;
  return canonical;
}

/** `host` as it stands in a URL: IPv6 in brackets. */
export function hostForUrl(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

/** Whether naming `host` already says that an address which is not public is meant. */
export function isPrivateByName(host: string): boolean {
  if (isIP(host) !== 0) return !isPublicAddress(host);
  return host === "localhost" || host.endsWith(".localhost");
}
