/** Writes a rule as an entry. */
import { hostForUrl, isPrivateByName } from "./host-name.ts";
import type { NetworkRule } from "./network-rule.ts";

/** The shortest entry that means `rule`: IDN as punycode, so that look-alikes are seen. */
export function formatNetworkRule(rule: Omit<NetworkRule, "text">): string {
  const methods = rule.methods === undefined ? "" : `${rule.methods.join(",")} `;
  const scheme = rule.scheme === undefined ? "" : `${rule.scheme}://`;
  const port = rule.port === undefined ? "" : `:${rule.port}`;
  const isPrivate = rule.isPrivate && !isPrivateByName(rule.host) ? " private" : "";
  return `${methods}${scheme}${hostForUrl(rule.host)}${port}${rule.path ?? ""}${isPrivate}`;
}
