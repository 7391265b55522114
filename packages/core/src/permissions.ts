/** What a tool asks for and what a user grants: the same shape, two roles. */

export interface Permissions {
  /** Hosts, as "host", "host:port", "scheme://host:port" or "*.host". */
  network?: readonly string[];
  /** Names of environment variables. */
  env?: readonly string[];
  /** Folders of the host, as "read:./data" or "write:./out". */
  storage?: readonly string[];
}
