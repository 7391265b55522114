/** The port through which Python packages are resolved and fetched. */
import type { HostDirectory } from "../modules/host-access.ts";
import type { ProgressEvent } from "../pocket-options.ts";
import type { PythonSettings } from "../settings/settings.ts";
import type { Store } from "../store/store.ts";

/** A wheel that was chosen for a package. */
export interface PackagePin {
  readonly name: string;
  readonly version: string;
  /** `sha256-` and hex of the wheel. */
  readonly digest: string;
  /** By which every source finds it, whatever its address is. */
  readonly fileName: string;
}

export interface PackageWheel extends PackagePin {
  readonly content: Uint8Array;
}

export interface PackageWorkOptions {
  /** Use what this machine has. @defaultValue as the place says */
  readonly offline?: boolean;
  readonly signal?: AbortSignal;
}

export interface PythonPackages {
  /** The wheels that the requirements (PEP 508) and all that they require need, sorted by file name. */
  resolve(requirements: readonly string[], options?: PackageWorkOptions): Promise<readonly PackagePin[]>;
  /** The content of each, in the same order, every byte checked. */
  fetch(pins: readonly PackagePin[], options?: PackageWorkOptions): Promise<readonly PackageWheel[]>;
}

/** What an implementation is made with. */
export interface PackagePlace {
  /** Absolute: where folders of wheels count from. */
  readonly cwd: string;
  readonly settings: PythonSettings;
  readonly store: Store;
  readonly hosts: HostDirectory;
  readonly offline: boolean;
  readonly onProgress: (event: ProgressEvent) => void;
  /** Ends what is being fetched. */
  readonly signal?: AbortSignal;
}

export type PythonPackagesFactory = (place: PackagePlace) => PythonPackages;
