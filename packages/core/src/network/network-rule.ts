/** What a network permission means: one entry such as "GET,HEAD https://api.example.com:8443/v1/ private", parsed. */

export interface NetworkRule {
  /** The entry as it was written. */
  readonly text: string;
  /** In capitals; absent: every method. */
  readonly methods?: readonly string[];
  /** Absent: http and https. */
  readonly scheme?: "http" | "https";
  /** In lower case, an IP address in its canonical form without brackets, `*.example.com` for every name below it, or `*`. */
  readonly host: string;
  /** Absent: the scheme's default port. */
  readonly port?: number;
  /** Begins with `/`; what the request's path must equal, or begin with up to a segment's end. */
  readonly path?: string;
  /** Whether addresses that are not public are meant too: said by `private`, or by naming such an address or `localhost`. */
  readonly isPrivate: boolean;
}
