/** Reads `hosts`: the places that get the value of a secret, written as network permissions. */
import { readNetworkRule } from "../network/parse-network-rule.ts";
import { describeValue } from "./describe-value.ts";
import type { TableReader } from "./table-reader.ts";

/** The entries under "hosts"; undefined where the key is absent. */
export function readHosts(table: TableReader): readonly string[] | undefined {
  if (!table.keys.includes("hosts")) return undefined;
  const hosts = table.texts("hosts");
  for (const host of hosts) {
    const { fault } = readNetworkRule(host);
    if (fault === undefined) continue;
    throw table.fault("hosts", `"hosts" holds ${describeValue(host)}, which ${fault.message}`, { hint: fault.hint });
  }
  return hosts;
}
