/** A source of packages: what every place that wheels come from has in common. */
import { parseWheelName, type WheelName } from "@toolpocket/core";

/** A wheel as a source lists it. */
export interface ListedWheel {
  readonly fileName: string;
  readonly wheel: WheelName;
  /** `sha256-` and hex, where the source states it. */
  readonly digest?: string;
  readonly requiresPython?: string;
  /** Withdrawn: the reason that was given, or "". */
  readonly yanked?: string;
  /** Requirements that the source states itself, where the wheel is not asked. */
  readonly dependencies?: readonly string[];
  /** The METADATA that the source serves beside the wheel (PEP 658), with its digest. */
  readonly metadata?: { readonly digest?: string; readonly fetch: (signal: AbortSignal) => Promise<Uint8Array> };
  readonly fetch: (signal: AbortSignal) => Promise<Uint8Array>;
}

/** What a source has of one package. */
export interface PackageListing {
  readonly wheels: readonly ListedWheel[];
  /** File names of what is no wheel: source archives. */
  readonly others: readonly string[];
}

export interface PackageSource {
  /** How messages call it; no credentials in it. */
  readonly label: string;
  /**
   * What it has of a package, by normalized name; a string where it has none: why, in its own words.
   * @throws PocketError when it cannot be asked
   */
  readonly find: (name: string, signal: AbortSignal) => Promise<PackageListing | string>;
}

/** The parts of a wheel's file name; undefined also where it holds what has no place in one, such as a slash. */
export function readWheelName(fileName: string): WheelName | undefined {
  return /^[A-Za-z0-9_.+!-]{1,255}$/u.test(fileName) ? parseWheelName(fileName) : undefined;
}
