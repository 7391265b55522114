/** Pins a tool that the project does not have yet, without touching the project: its content goes into the store. */
import { join } from "node:path";
import {
  describeModule,
  isPocketError,
  type LockEntry,
  locateSource,
  type Manifest,
  type ModuleDescription,
  openStore,
  parseSource,
  readFolder,
  readLockfile,
  readManifest,
  type ToolFiles,
  type ToolRequest,
} from "@toolpocket/core";
import { syncLock } from "../../lock.ts";
import type { Session } from "../command.ts";

/** A tool with everything that is known of it. */
export interface PinnedTool {
  readonly manifest: Manifest;
  /** As the lock of the project is to hold it, but for its name. */
  readonly entry: LockEntry;
  /** What the request says of a lone module. */
  readonly module?: ModuleDescription;
  /** Absolute folder of a local tool, or the path of its lone module. */
  readonly folder?: string;
}

/** @throws PocketError what is wrong with the source, or with the tool: ERR_POCKET_MANIFEST_INVALID */
export async function pinTool(
  request: ToolRequest,
  session: Session,
  { offline }: { offline: boolean },
): Promise<PinnedTool> {
  const source = await locateSource(parseSource(request.target, session.cwd));
  if (source.kind === "local") {
    const manifest = readManifest(withDescription(request, await readFolder(source.path)));
    return {
      manifest,
      ...("module" in request.target && { module: request.target.module }),
      folder: source.path,
      entry: { source: "local", name: manifest.name, path: source.path, permissions: {} },
    };
  }
  const store = openStore();
  return store.withScratch(async (scratch) => {
    const lockfile = join(scratch, "pocket.lock");
    const { cwd, onProgress, signal } = session;
    await syncLock({ cwd, onProgress, signal, lockfile, offline, frozen: false, tools: [request] }).catch(
      throwLoneFailure,
    );
    const [entry] = (await readLockfile(lockfile)).tools;
    if (entry === undefined || entry.source === "local" || entry.source === "mcp")
      throw new TypeError("a tool from elsewhere is locked as one");
    const files = (await store.readTree(entry.integrity)) ?? NO_FILES;
    const module = "module" in request.target ? request.target.module : undefined;
    return { manifest: readManifest(withDescription(request, files)), entry, ...(module && { module }) };
  });
}

/** The files with the manifest that a request gives a lone module. */
export function withDescription({ target }: ToolRequest, files: ToolFiles): ToolFiles {
  if (target.kind === "local") return describeModule(files, target.module, target.path);
  return target.kind === "url" || target.kind === "oci" ? describeModule(files, target.module, target.url) : files;
}

const NO_FILES: ToolFiles = new Map();

/** A sync tells all failures together; of one tool there is only one, which says it better. */
function throwLoneFailure(error: unknown): never {
  if (isPocketError(error) && error.code === "ERR_POCKET_SYNC_FAILED" && isPocketError(error.cause)) throw error.cause;
  throw error;
}
