/** Publishes a tool's folder in a registry: `pocket push`. */
import { clearTimeout, setTimeout as startTimer } from "node:timers";
import { PocketError } from "../errors.ts";
import { readManifest } from "../manifest/read-manifest.ts";
import type { ToolFiles } from "../program.ts";
import { parseOciReference } from "../source/remote-reference.ts";
import { checkTreePaths } from "../store/tree-rules.ts";
import { createHttpClient } from "./http-client.ts";
import { type HostDirectory, NO_HOSTS } from "./host-access.ts";
import { timedOut } from "./module-failure.ts";
import { pushArtifact } from "./oci/push-artifact.ts";
import { createRegistryClient } from "./oci/registry-client.ts";

/** One push with all its uploads, in milliseconds. */
export const DEFAULT_PUSH_TIMEOUT_MS = 600_000;

export interface PushToolOptions {
  /** What is known of hosts. @defaultValue nothing; hosts of this machine speak http */
  hosts?: HostDirectory;
  /** Replace what the tag stands for. @defaultValue false */
  force?: boolean;
  /** @defaultValue DEFAULT_PUSH_TIMEOUT_MS */
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface PushedTool {
  /** The tool's own name. */
  readonly name: string;
  /** Normalised, with the tag. */
  readonly reference: string;
  /** `sha256:` and hex of the manifest: what `reference@digest` always means. */
  readonly digest: string;
  /** Paths, sorted. */
  readonly files: readonly string[];
  readonly bytes: number;
  /** Whether the registry had exactly this before. */
  readonly isUnchanged: boolean;
  /** The digest that the tag stood for before. */
  readonly replaced?: string;
}

/**
 * Publishes the files, which have to be those of a sound tool.
 * @throws PocketError ERR_POCKET_MANIFEST_INVALID, ERR_POCKET_SOURCE_INVALID, ERR_POCKET_PUSH_REFUSED,
 * ERR_POCKET_SOURCE_UNREACHABLE, ERR_POCKET_FETCH_TIMEOUT; or the signal's reason
 */
export async function pushTool(files: ToolFiles, text: string, options: PushToolOptions = {}): Promise<PushedTool> {
  const { hosts = NO_HOSTS, force = false, timeoutMs = DEFAULT_PUSH_TIMEOUT_MS } = options;
  const reference = parseOciReference(text);
  const { name } = readManifest(files);
  checkTreePaths(files.keys(), reference.url);
  refuseSecrets(files);
  const limit = new AbortController();
  const timer = startTimer(() => limit.abort(timedOut(reference.url, timeoutMs)), timeoutMs);
  try {
    const signal = AbortSignal.any([...(options.signal ? [options.signal] : []), limit.signal]);
    await using http = createHttpClient({ reference: reference.url, hosts, isTrusted: true, signal });
    const pushed = await pushArtifact(createRegistryClient(http, reference, "pull,push"), files, { force });
    const bytes = [...files.values()].reduce((sum, content) => sum + content.length, 0);
    return { name, reference: reference.url, files: [...files.keys()].toSorted(), bytes, ...pushed };
  } finally {
    clearTimeout(timer);
  }
}

/** What is published stays published: files that hold secrets by their names are not taken along unseen. */
function refuseSecrets(files: ToolFiles): void {
  const found = [...files.keys()].find((path) =>
    /(?:^|\/)(?:\.secrets\.toml|\.env|\.npmrc|\.netrc|id_[a-z0-9]+)$/u.test(path),
  );
  if (found === undefined) return;
  throw new PocketError("ERR_POCKET_PUSH_REFUSED", `the tool's folder holds ${found}, which may have secrets in it`, {
    hint: "move it out of the folder",
    details: { path: found },
  });
}
