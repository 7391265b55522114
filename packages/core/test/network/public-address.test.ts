import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPublicAddress } from "../../src/network/public-address.ts";

describe("isPublicAddress()", () => {
  it.each([
    "1.1.1.1",
    "8.8.8.8",
    "93.184.215.14",
    "172.15.255.255",
    "172.32.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "192.0.1.1",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001:829::200e",
    "2620:4f:8000::1",
  ])("calls %s public", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ["unspecified", "0.0.0.0", "0.1.2.3", "::"],
    ["loopback", "127.0.0.1", "127.255.255.254", "::1"],
    ["private", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
    ["carrier-grade NAT", "100.64.0.1", "100.127.255.255"],
    ["link-local", "169.254.0.1", "fe80::1", "febf::1"],
    ["metadata", "169.254.169.254", "fd00:ec2::254", "100.100.100.200", "192.0.0.192", "168.63.129.16"],
    ["unique local and site-local", "fc00::1", "fdff::1", "fec0::1"],
    ["multicast and broadcast", "224.0.0.1", "239.255.255.255", "255.255.255.255", "ff02::1", "ff0e::1"],
    ["reserved", "240.0.0.1", "254.1.1.1", "192.0.0.1", "4000::1", "5f00::1", "100::1"],
    ["documentation", "192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
    ["benchmarking", "198.18.0.1", "198.19.255.255", "2001:2::1"],
    ["mapped and compatible IPv4", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::ffff:7f00:1", "::127.0.0.1", "::8.8.8.8"],
    ["NAT64", "64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1"],
    ["6to4 and its relays", "2002:7f00:1::1", "192.88.99.1"],
    ["Teredo", "2001:0:53aa:64c:0:7fff:a7c2:1"],
    ["ORCHID", "2001:10::1", "2001:20::1"],
    ["no address", "", "localhost", "2130706433", "0x7f.1", "127.1", "1.1.1.1 ", "[::1]", "fe80::1%eth0", "2606::1%1"],
  ])("calls %s not public", (_kind, ...addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });

  it("calls no IPv6 address public that lies outside of global unicast", () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const first = Number.parseInt(new URL(`http://[${address}]`).hostname.slice(1).split(":")[0] || "0", 16);
        return first >>> 13 === 1 || !isPublicAddress(address);
      }),
    );
  });
});
