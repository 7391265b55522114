/** Turns the storage entries that a user granted to one tool into folders of this machine. */
import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { basename, join, resolve } from "node:path";
import { PocketError } from "../errors.ts";
import type { StorageGrant } from "../grants.ts";
import { parseStorageEntry, type StorageEntry } from "./storage-entry.ts";
import { storageHome } from "./storage-home.ts";

export interface ResolveStorageGrantsOptions {
  /** The project: relative paths start here, and private folders are its own. */
  readonly cwd: string;
  /** Name of the tool. */
  readonly tool: string;
  /** Where the tool is from, without its version: another tool under the same name gets private folders of its own. */
  readonly origin?: string;
  /** @defaultValue storageHome() */
  readonly home?: string;
}

/**
 * The grants in the order of the entries; touches no disk. Names that differ only in case are one name.
 * @throws PocketError ERR_POCKET_STORAGE_INVALID when an entry is none, or when two want the same name.
 */
export function resolveStorageGrants(
  entries: readonly string[],
  options: ResolveStorageGrantsOptions,
): readonly StorageGrant[] {
  const grants = new Map<string, StorageGrant>();
  for (const entry of entries) {
    const grant = resolveEntry(parseStorageEntry(entry), options);
    const key = grant.name.toLowerCase();
    const earlier = grants.get(key);
    if (earlier !== undefined && earlier.folder !== grant.folder) throw collision(options.tool, earlier, grant);
    if (earlier === undefined || grant.access === "write") grants.set(key, grant);
  }
  return [...grants.values()];
}

function resolveEntry(entry: StorageEntry, options: ResolveStorageGrantsOptions): StorageGrant {
  const { name } = entry;
  if (entry.kind === "private") return { name, access: "write", folder: privateFolder(name, options), isPrivate: true };
  const path = entry.path.replace(/^~(?=$|[/\\])/u, () => homedir());
  return { name, access: entry.access, folder: resolve(options.cwd, path) };
}

/** `<home>/<project>/<tool>/<name>`: the digests keep apart what is spelled alike, on every disk. */
function privateFolder(name: string, { cwd, tool, origin = "", home = storageHome() }: ResolveStorageGrantsOptions) {
  const project = resolve(cwd);
  return join(
    home,
    distinct(basename(project), project),
    distinct(tool, JSON.stringify([tool, origin])),
    name === name.toLowerCase() ? name : distinct(name, name),
  );
}

function distinct(label: string, identity: string): string {
  const digest = createHash("sha256").update(identity).digest("hex").slice(0, 12);
  return `${label.toLowerCase().replaceAll(/[^a-z0-9_-]+/gu, "-")}-${digest}`;
}

function collision(tool: string, one: StorageGrant, other: StorageGrant): PocketError {
  return new PocketError(
    "ERR_POCKET_STORAGE_INVALID",
    `two folders of the tool "${tool}" have the name "${other.name}": ${one.folder} and ${other.folder}`,
    { hint: `name one of them, for example "${other.access}:${other.folder} at ${other.name}-2"`, details: { tool } },
  );
}
