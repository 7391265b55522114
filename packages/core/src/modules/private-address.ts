/** Addresses that are not public: a reference in somebody else's manifest may not lead there. */
import { lookup as lookUpName, type LookupAddress, type LookupOptions } from "node:dns";
import { isIP } from "node:net";
import { isPublicAddress } from "../network/public-address.ts";

/** Whether a URL's host name is this machine's own by its form alone. */
export function isLoopbackHost(hostname: string): boolean {
  const plain = hostname.replace(/^\[|\]$/gu, "").toLowerCase();
  return (
    plain === "localhost" ||
    plain.endsWith(".localhost") ||
    plain === "::1" ||
    (isIP(plain) === 4 && plain.startsWith("127."))
  );
}

/** The error of a name that leads to an address that is not public. */
export class PrivateAddressError extends Error {
  override readonly name = "PrivateAddressError";
  readonly address: string;

  constructor(address: string) {
    super(`the address ${address} is not public`);
    this.address = address;
  }
}

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** A lookup that fails when any address of the name is not public. It is asked when the connection is made. */
export function lookUpPublic(hostname: string, options: LookupOptions, callback: LookupCallback): void {
  lookUpName(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, []);
    const refused = addresses.find(({ address }) => !isPublicAddress(address));
    if (refused !== undefined) return callback(new PrivateAddressError(refused.address), []);
    const [first] = addresses;
    return options.all === true ? callback(null, addresses) : callback(null, first?.address ?? "", first?.family);
  });
}
