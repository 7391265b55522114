/** The modules that manifests name by reference: fetched as the lock pins them, and handed to their tools. */
import { PocketError } from "../errors.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { parseRemoteReference } from "../source/remote-reference.ts";
import { attachPinned } from "./attach-pinned.ts";
import type { LockContext } from "./lock-context.ts";
import type { Lockfile } from "./lock-entry.ts";
import type { ReadTool } from "./read-tools.ts";
import type { ToolFailure } from "./tool-failure.ts";

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
  return attachPinned<ToolModules>(
    tools,
    { context, lock },
    {
      keep: ({ modules = [] }) => (modules.length === 0 ? {} : { lockedModules: modules }),
      plan({ manifest, content }, { modules: pins = [] }) {
        const references = listReferences(manifest);
        if (references.length === 0) return undefined;
        return () => fetchAll(context, { references, pins, isForeign: content.kind !== "local" });
      },
    },
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

function unpinnedError(lockfile: string, reference: string): PocketError {
  return new PocketError("ERR_POCKET_LOCK_FROZEN", `${lockfile} is frozen and holds no module ${reference}`, {
    hint: "run `pocket lock sync` where it may change, and commit pocket.lock",
    details: { file: lockfile, changes: [`add ${reference}`] },
  });
}
