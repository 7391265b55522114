/** A secret as one run knows it: what the guest sees in its place, and where the value may go. */
import type { NetworkRule } from "../network/network-rule.ts";

export interface BoundSecret {
  readonly name: string;
  /** What stands in the guest's environment: random, different in each run. Absent where the clear value was exposed. */
  readonly placeholder?: string;
  /** The value. It goes to no log, error, outcome or page. */
  readonly value: string;
  /** The places whose requests get the value put in. */
  readonly hosts: readonly NetworkRule[];
}
