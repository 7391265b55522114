/** What resolving and fetching are told: where packages come from, and within which limits. */
import { type HostDirectory, NO_HOSTS, type ProgressEvent, type Store } from "@toolpocket/core";
import { readInstalledDistribution } from "./python-environment.ts";
import type { WheelLimits } from "./wheel/wheel-entries.ts";

export const DEFAULT_INDEX_URL = "https://pypi.org/simple/";
/** Of one wheel, packed, in bytes. */
export const DEFAULT_MAX_WHEEL_BYTES = 104_857_600;
/** Of one request, in milliseconds. */
export const DEFAULT_PACKAGE_TIMEOUT_MS = 120_000;

export interface PackageOptions extends WheelLimits {
  store: Store;
  /** Folders of wheels. What they have of a package goes before what any index has. @defaultValue [] */
  wheelFolders?: readonly string[];
  /**
   * Address of a Python index's simple pages; `false` for none. User and password in it are for its host alone.
   * @defaultValue `UV_INDEX_URL`, else `PIP_INDEX_URL`, else DEFAULT_INDEX_URL
   */
  index?: string | false;
  /**
   * Folder of a distribution of Pyodide: its pyodide-lock.json and its wheels; `false` for none. User and password in it
   * are for its host alone. @defaultValue the public place of the installed Pyodide
   */
  distribution?: string | false;
  /** What is known of hosts: credentials, authorities. @defaultValue nothing */
  hosts?: HostDirectory;
  /** Use the store and folders of wheels only: no network. @defaultValue false */
  offline?: boolean;
  /** @defaultValue DEFAULT_MAX_WHEEL_BYTES */
  maxWheelBytes?: number;
  /** @defaultValue DEFAULT_PACKAGE_TIMEOUT_MS */
  timeoutMs?: number;
  signal?: AbortSignal;
  onProgress?: (event: ProgressEvent) => void;
}

export interface ResolvedPackageOptions {
  readonly store: Store;
  readonly wheelFolders: readonly string[];
  readonly index: string | false;
  readonly distribution: string | false;
  readonly hosts: HostDirectory;
  readonly offline: boolean;
  readonly maxWheelBytes: number;
  readonly timeoutMs: number;
  readonly limits: WheelLimits;
  readonly signal: AbortSignal;
  readonly onProgress: (event: ProgressEvent) => void;
}

/** Where the packages of a release of Pyodide are published. */
export function publicDistribution(version: string): string {
  return `https://cdn.jsdelivr.net/pyodide/v${version}/full/`;
}

export function resolvePackageOptions(
  options: PackageOptions,
  environment: NodeJS.ProcessEnv = process.env,
): ResolvedPackageOptions {
  const { maxUnpackedBytes, maxWheelFiles } = options;
  return {
    store: options.store,
    wheelFolders: options.wheelFolders ?? [],
    index: options.index ?? (environment["UV_INDEX_URL"] || environment["PIP_INDEX_URL"] || DEFAULT_INDEX_URL),
    distribution: options.distribution ?? publicDistribution(readInstalledDistribution().version),
    hosts: options.hosts ?? NO_HOSTS,
    offline: options.offline ?? false,
    maxWheelBytes: options.maxWheelBytes ?? DEFAULT_MAX_WHEEL_BYTES,
    timeoutMs: options.timeoutMs ?? DEFAULT_PACKAGE_TIMEOUT_MS,
    limits: {
      ...(maxUnpackedBytes !== undefined && { maxUnpackedBytes }),
      ...(maxWheelFiles !== undefined && { maxWheelFiles }),
    },
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => {}),
  };
}
