/** How a host is reached: what the user said of it in `[registries]`, resolved for a fetch. */
import { isLoopbackHost } from "./private-address.ts";

export interface HostCredentials {
  readonly username: string;
  readonly password: string;
}

export interface HostAccess {
  /** The user named the host, so that it may have an address that is not public, whoever refers to it. */
  readonly isKnown: boolean;
  /** Whether plain http may be spoken to it; to a registry it is then always spoken. */
  readonly isInsecure: boolean;
  /** PEM of authorities that are trusted beside the usual ones. */
  readonly ca?: string;
  /** Asked when the host wants credentials, and at no other time. Undefined where there are none. */
  readonly readCredentials: () => Promise<HostCredentials | undefined>;
}

/** What is known of hosts. */
export interface HostDirectory {
  /** Differs where anything differs that was said of hosts: fetches of one scope may be shared. */
  readonly scope: string;
  /** The host is named with its port where that is not the scheme's own. */
  find(host: string): HostAccess;
}

/** Nothing is known of any host: http to this machine, https to every other. */
export const NO_HOSTS: HostDirectory = {
  scope: "",
  find: (host) => ({
    isKnown: false,
    isInsecure: isLoopbackHost(hostnameOf(host)),
    readCredentials: async () => undefined,
  }),
};

/** The host without its port, an IPv6 address in its brackets. */
function hostnameOf(host: string): string {
  return host.replace(/:\d+$/u, "");
}

/** The value of an `Authorization` header. */
export function toBasic({ username, password }: HostCredentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
