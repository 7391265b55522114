/** What every work on a lock needs: the options resolved, the settings read, the store opened. */
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { checkPocketOptions } from "../check-options.ts";
import { createHostDirectory } from "../modules/host-directory.ts";
import { createModuleFetcher, type ModuleFetcher } from "../modules/module-fetcher.ts";
import { createGitFetcher, type GitFetcher } from "../git/git-fetcher.ts";
import { openPackages } from "../packages/open-packages.ts";
import type { PythonPackages } from "../packages/python-packages.ts";
import type { PocketOptions, ProgressEvent } from "../pocket-options.ts";
import { readSettings } from "../settings/read-settings.ts";
import type { Settings } from "../settings/settings.ts";
import { toToolRequests } from "../settings/to-tool-requests.ts";
import { openStore, type Store } from "../store/store.ts";
import type { ToolRequest } from "../tool-request.ts";

export const DEFAULT_LOCKFILE = "pocket.lock";

export interface LockContext {
  /** Absolute. */
  readonly cwd: string;
  /** Absolute. */
  readonly lockfile: string;
  readonly frozen: boolean;
  readonly offline: boolean;
  readonly settings: Settings;
  readonly requests: readonly (string | ToolRequest)[];
  /** Whether the requests are those of settings.toml, rather than a program's own. */
  readonly fromSettings: boolean;
  readonly store: Store;
  readonly fetcher: GitFetcher;
  readonly modules: ModuleFetcher;
  readonly packages: PythonPackages;
  readonly onProgress: (event: ProgressEvent) => void;
}

/**
 * Reads settings, opens the store; no network. The options' signal, and `closing`, end what is fetched later.
 * @throws PocketError ERR_POCKET_SETTINGS_INVALID
 */
export async function openLockContext(
  options: PocketOptions,
  { closing }: { closing?: AbortSignal } = {},
): Promise<LockContext> {
  checkPocketOptions(options);
  options.signal?.throwIfAborted();
  const signal = joinSignals(options.signal, closing);
  const cwd = resolve(options.cwd ?? process.cwd());
  const settings = await readSettings({
    cwd,
    ...(options.settings !== undefined && { settings: options.settings }),
  });
  const store = openStore();
  const hosts = createHostDirectory(settings, cwd);
  const offline = options.offline ?? false;
  const onProgress = options.onProgress ?? (() => {});
  const place = { cwd, settings: settings.python, store, hosts, offline, onProgress, ...(signal && { signal }) };
  return {
    cwd,
    lockfile: resolve(cwd, options.lockfile ?? DEFAULT_LOCKFILE),
    frozen: options.frozen ?? isCi(process.env.CI),
    offline,
    settings,
    requests: options.tools ?? toToolRequests(settings),
    fromSettings: options.tools === undefined,
    store,
    fetcher: createGitFetcher({ store, offline, onProgress, ...(signal && { signal }) }),
    modules: createModuleFetcher({ store, hosts, offline, onProgress, ...(signal && { signal }) }),
    packages: openPackages(options.pythonPackages, place),
    onProgress,
  };
}

/** A local tool's folder as the lock holds it: relative to the lockfile's folder, with `/`, the same on every machine. */
export function toLockedPath(context: LockContext, folder: string): string {
  const path = relative(dirname(context.lockfile), folder);
  return path === "" ? "." : isAbsolute(path) ? folder : path.split(sep).join("/");
}

/** The folder of a local lock entry. */
export function toFolder(context: LockContext, lockedPath: string): string {
  return join(dirname(context.lockfile), ...lockedPath.split("/"));
}

function joinSignals(...given: readonly (AbortSignal | undefined)[]): AbortSignal | undefined {
  const signals = given.filter((signal) => signal !== undefined);
  return signals.length > 1 ? AbortSignal.any(signals) : signals[0];
}

function isCi(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false"].includes(value.toLowerCase());
}
