/** What a tool asks for and what a user grants or denies: the same shape, three roles. */

export interface Permissions {
  /** As "[METHOD[,METHOD…] ][scheme://]host[:port][/path][ private]", for example "api.example.com" or "GET https://*.example.com/v1". */
  network?: readonly string[];
  /** Names of environment variables. */
  env?: readonly string[];
  /** Folders of the host as "read:./data" or "write:./out at results", or "private:name" for one that Toolpocket keeps. */
  storage?: readonly string[];
}

export type PermissionKind = keyof Permissions;

/** In the order in which they are shown. */
export const PERMISSION_KINDS = ["network", "env", "storage"] as const satisfies readonly PermissionKind[];
