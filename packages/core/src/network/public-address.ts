/** Tells addresses of the public internet from all others: the list is of what is allowed, so what is unknown is not. */
import { BlockList, isIPv4, isIPv6 } from "node:net";

/**
 * What IANA's IPv4 special-purpose registry calls not globally reachable, multicast, the former class E, and 6to4 relays.
 * https://www.iana.org/assignments/iana-ipv4-special-registry
 */
const SPECIAL_IPV4: readonly (readonly [network: string, prefix: number])[] = [
  ["0.0.0.0", 8], // this network, the unspecified address
  ["10.0.0.0", 8], // private use
  ["100.64.0.0", 10], // carrier-grade NAT; also a cloud's metadata at 100.100.100.200
  ["127.0.0.0", 8], // loopback
  ["168.63.129.16", 32], // Azure's wire server: in a public range, but each machine's own
  ["169.254.0.0", 16], // link-local; metadata at 169.254.169.254
  ["172.16.0.0", 12], // private use
  ["192.0.0.0", 24], // IETF protocol assignments; also a cloud's metadata at 192.0.0.192
  ["192.0.2.0", 24], // documentation
  ["192.88.99.0", 24], // 6to4 relays, withdrawn
  ["192.168.0.0", 16], // private use
  ["198.18.0.0", 15], // benchmarking
  ["198.51.100.0", 24], // documentation
  ["203.0.113.0", 24], // documentation
  ["224.0.0.0", 4], // multicast
  ["240.0.0.0", 4], // reserved, broadcast
];

/**
 * The parts of global unicast (2000::/3) that IANA's IPv6 special-purpose registry calls not globally reachable, or that
 * carry an IPv4 address inside. Everything outside of 2000::/3 is special: loopback, mapped and compatible IPv4, NAT64,
 * unique local, link-local, site-local, multicast. https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const SPECIAL_IPV6: readonly (readonly [network: string, prefix: number])[] = [
  ["2001::", 23], // IETF protocol assignments: Teredo, benchmarking, ORCHID
  ["2001:db8::", 32], // documentation
  ["2002::", 16], // 6to4
  ["3fff::", 20], // documentation
];

const globalIpv6 = new BlockList();
globalIpv6.addSubnet("2000::", 3, "ipv6");

const special = new BlockList();
for (const [network, prefix] of SPECIAL_IPV4) special.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of SPECIAL_IPV6) special.addSubnet(network, prefix, "ipv6");

/** Whether `address`, an IP address without brackets, is reachable over the public internet; false for anything else. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !special.check(address, "ipv4");
  if (!isIPv6(address) || address.includes("%")) return false;
  return globalIpv6.check(address, "ipv6") && !special.check(address, "ipv6");
}
