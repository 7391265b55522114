/** A wheel that was chosen for a package, as a lock holds it. */

export interface PinnedWheel {
  /** As the wheel's file name has it. */
  readonly name: string;
  readonly version: string;
  /** `sha256-` and hex of the wheel. */
  readonly digest: string;
  /** By which every source finds it, whatever its address is. */
  readonly fileName: string;
}

export interface FetchedWheel extends PinnedWheel {
  readonly content: Uint8Array;
}
