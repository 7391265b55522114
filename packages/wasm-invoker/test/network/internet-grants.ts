/** What a tool of the network tests is granted: the test's own server, and two places where nobody answers. */
import { parseNetworkRule, type ResolvedGrants } from "@toolpocket/core";
import type { Internet } from "./internet.ts";

export function grantInternet({ origin }: Internet): ResolvedGrants {
  const allow = [origin, "http://127.0.0.1:1", "http://nowhere.invalid"].map(parseNetworkRule);
  return { network: { allow, deny: [] }, storage: [] };
}
