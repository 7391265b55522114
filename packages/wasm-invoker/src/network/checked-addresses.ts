/** Looks a host up, once for each hop, and keeps the addresses that the tool may reach. */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { deniesNetworkRequest, HostCallError, hostOfUrl, type NetworkGrants } from "@toolpocket/core";
import { untilAborted } from "./until-aborted.ts";

/** The addresses of `host`, best first. Rejects as node's `dns.lookup` does. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

export interface CheckedAddressesOptions {
  readonly grants: NetworkGrants;
  readonly method: string;
  /** Whether the grant means addresses that are not public. */
  readonly isPrivate: boolean;
  readonly resolve: ResolveHost;
  readonly isPublic: (address: string) => boolean;
  readonly signal: AbortSignal;
}

export async function resolveWithSystem(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
}

export interface CheckedAddresses {
  /** Where the request may connect to. */
  readonly addresses: readonly string[];
  /** Whether a grant of the host as private would give more addresses. */
  readonly hasPrivate: boolean;
}

/** @throws HostCallError `dns`; the signal's reason. */
export async function checkedAddresses(url: URL, options: CheckedAddressesOptions): Promise<CheckedAddresses> {
  const { grants, method, isPrivate, resolve, isPublic, signal } = options;
  const host = hostOfUrl(url);
  const found = isIP(host) === 0 ? await untilAborted(lookUp(host, resolve), signal) : [host];
  if (found.length === 0) throw new HostCallError("dns", `${host} has no address`);
  const open = found.map(canonicalAddress).filter((address): address is string => {
    return address !== undefined && !isDenied(grants, { method, url, address });
  });
  const addresses = isPrivate ? open : open.filter(isPublic);
  return { addresses, hasPrivate: addresses.length < open.length };
}

async function lookUp(host: string, resolve: ResolveHost): Promise<readonly string[]> {
  try {
    return await resolve(host);
  } catch (cause) {
    throw new HostCallError("dns", `${host} was not found`, { cause });
  }
}

/** An entry of `deny` that names an address means it under every name. */
function isDenied(
  grants: NetworkGrants,
  { method, url, address }: { method: string; url: URL; address: string },
): boolean {
  if (grants.deny.length === 0) return false;
  const direct = new URL(url);
  direct.hostname = isIP(address) === 6 ? `[${address}]` : address;
  return grants.deny.some((rule) => deniesNetworkRequest(rule, { method, url: direct }));
}

function canonicalAddress(address: string): string | undefined {
  const version = isIP(address);
  if (version === 0 || address.includes("%")) return undefined;
  return version === 4 ? address : new URL(`http://[${address}]/`).hostname.slice(1, -1);
}
