/** Decides whether a tool's request is allowed, and says what would allow it. */
import type { NetworkGrants } from "../grants.ts";
import { formatNetworkRule } from "./format-network-rule.ts";
import { hostOfUrl, isPrivateByName } from "./host-name.ts";
import { deniesNetworkRequest, matchNetworkRule, type NetworkRequest, portOfUrl } from "./match-network-rule.ts";
import { readNetworkRule } from "./parse-network-rule.ts";

export type NetworkDecision =
  | {
      readonly allowed: true;
      /** Whether the host's addresses may be such as are not public. */
      readonly isPrivate: boolean;
    }
  | {
      readonly allowed: false;
      /** Why, without a final period. */
      readonly message: string;
      /** The smallest entry of `allow` that would allow it; absent where an entry of `deny` forbids it. */
      readonly grant?: string;
    };

/** What `grants` say of the request: an entry of `deny` wins, and what no entry of `allow` means is denied. */
export function decideNetwork(grants: NetworkGrants, request: NetworkRequest): NetworkDecision {
  const denying = grants.deny.find((rule) => deniesNetworkRequest(rule, request));
  if (denying !== undefined)
    return { allowed: false, message: `"${formatNetworkRule(denying)}" is denied to this tool` };
  const allowing = grants.allow.filter((rule) => matchNetworkRule(rule, request));
  if (allowing.length > 0) return { allowed: true, isPrivate: allowing.some((rule) => rule.isPrivate) };
  const { method, url } = request;
  const grant = smallestGrant(request, { isPrivate: false });
  return {
    allowed: false,
    message: `${method} ${url.protocol}//${url.host} is not granted to this tool`,
    ...(grant !== undefined && { grant }),
  };
}

/** The smallest entry that allows the request, one method at one host; undefined where no entry can. */
export function smallestGrant(
  { method, url }: NetworkRequest,
  { isPrivate }: { isPrivate: boolean },
): string | undefined {
  const host = hostOfUrl(url);
  const entry = formatNetworkRule({
    methods: [method],
    scheme: url.protocol === "http:" ? "http" : "https",
    host,
    ...(url.port !== "" && { port: portOfUrl(url) }),
    isPrivate: isPrivate || isPrivateByName(host),
  });
  const { rule } = readNetworkRule(entry);
  return rule !== undefined && matchNetworkRule(rule, { method, url }) ? entry : undefined;
}
