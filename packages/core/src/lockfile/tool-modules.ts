/** The modules that manifests name by reference: fetched as the lock pins them, and handed to their tools. */
import { PocketError } from "../errors.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { parseRemoteReference } from "../source/remote-reference.ts";
import { type LockContext, toLockedPath } from "./lock-context.ts";
import type { Lockfile } from "./lock-entry.ts";
import type { BrokenReadTool, ReadTool, SoundReadTool } from "./read-tools.ts";
import { settleTool, type ToolFailure } from "./tool-failure.ts";

/** What a tool has of modules once they were fetched. */
export interface ToolModules {
  /** Bytes by reference, as the manifest writes it. */
  readonly modules?: ReadonlyMap<string, Uint8Array>;
  /** "reference sha256-…" of each, as the lock holds it, sorted. */
  readonly lockedModules?: readonly string[];
}

/** The tools with the modules that their manifests name; a tool whose module cannot be had has failed. */
export async function fetchModules(
  context: LockContext,
  lock: Lockfile,
  tools: readonly ReadTool[],
): Promise<(ReadTool | ToolFailure)[]> {
  return Promise.all(
    tools.map((tool) => {
      if (tool.kind === "function") return tool;
      const pins = findPins(context, lock, tool);
      // What cannot be read now stays pinned as it was.
      if (tool.kind === "broken") return pins.length === 0 ? tool : { ...tool, lockedModules: pins };
      const references = listReferences(tool.manifest);
      if (references.length === 0) return tool;
      const isForeign = tool.content.kind !== "local";
      return settleTool({ label: tool.requested.label, name: tool.name }, async () => ({
        ...tool,
        ...(await fetchAll(context, { references, pins, isForeign })),
      }));
    }),
  );
}

/** The references of a manifest, as they are written. */
function listReferences(manifest: Manifest): readonly string[] {
  if (manifest.runtime !== "wasm" && manifest.runtime !== "component") return [];
  if (manifest.entry.module.kind !== "remote") return [];
  return [manifest.entry.module.reference];
}

interface WantedModules {
  readonly references: readonly string[];
  /** Of the lock. */
  readonly pins: readonly string[];
  /** Whether somebody else wrote the manifest. */
  readonly isForeign: boolean;
}

async function fetchAll(context: LockContext, { references, pins, isForeign }: WantedModules): Promise<ToolModules> {
  const fetched = await Promise.all(
    references.map(async (reference) => {
      const pin = pins.find((text) => isPinOf(text, reference));
      if (pin === undefined && context.frozen) throw unpinnedError(context.lockfile, reference);
      const [place = reference, digest] = pin?.split(" ") ?? [];
      const module = await context.modules.fetch(place, { isForeign, ...(digest !== undefined && { digest }) });
      return { reference, bytes: module.bytes, locked: pin ?? `${module.resolvedReference} ${module.digest}` };
    }),
  );
  return {
    modules: new Map(fetched.map(({ reference, bytes }) => [reference, bytes])),
    lockedModules: fetched.map(({ locked }) => locked).toSorted(),
  };
}

/** Whether the line of a lock holds the module of the reference. */
function isPinOf(pin: string, reference: string): boolean {
  const [place = ""] = pin.split(" ");
  const { url } = parseRemoteReference(reference);
  return place === url || place.replace(/@sha256:[0-9a-f]{64}$/u, "") === url;
}

function findPins(
  context: LockContext,
  lock: Lockfile,
  { content }: SoundReadTool | BrokenReadTool,
): readonly string[] {
  if (content.kind !== "local") return content.entry?.modules ?? [];
  const path = toLockedPath(context, content.folder);
  return lock.tools.find((entry) => entry.source === "local" && entry.path === path)?.modules ?? [];
}

function unpinnedError(lockfile: string, reference: string): PocketError {
  return new PocketError("ERR_POCKET_LOCK_FROZEN", `${lockfile} is frozen and holds no module ${reference}`, {
    hint: "run `pocket lock sync` where it may change, and commit pocket.lock",
    details: { file: lockfile, changes: [`add ${reference}`] },
  });
}
