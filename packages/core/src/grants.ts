/** What a user gave a tool, read and ready to be enforced. */
import type { NetworkRule } from "./network/network-rule.ts";

export interface NetworkGrants {
  readonly allow: readonly NetworkRule[];
  /** Wins over `allow`. */
  readonly deny: readonly NetworkRule[];
}

/** A folder that the tool finds at `/storage/<name>`. */
export interface StorageGrant {
  readonly name: string;
  readonly access: "read" | "write";
  /** Absolute path on the host; for a private folder, where Toolpocket keeps it. */
  readonly folder: string;
  /** Whether it is a folder of Toolpocket's own, for this tool only. */
  readonly isPrivate?: boolean;
}

export interface ResolvedGrants {
  readonly network: NetworkGrants;
  readonly storage: readonly StorageGrant[];
}
