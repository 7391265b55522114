/** Wheels by digest: each fetched once, checked, and kept in the store. */
import { createHash } from "node:crypto";
import { shareWork, type Store } from "@toolpocket/core";
import { wrongContent } from "../package-failure.ts";
import { checkWheel } from "./check-wheel.ts";
import type { WheelLimits } from "./wheel-entries.ts";

export interface StoredWheel {
  readonly content: Uint8Array;
  /** `sha256-` and hex. */
  readonly digest: string;
}

export interface WantedWheel {
  readonly fileName: string;
  /** The content has to have it, where it is known. */
  readonly digest?: string;
  /** Where it comes from, for messages. */
  readonly place: string;
  readonly fetch: (signal: AbortSignal) => Promise<Uint8Array>;
}

export interface WheelStore {
  /** A wheel of the store, every byte of it checked; null when it is not there. */
  read(digest: string): Promise<Uint8Array | null>;
  /**
   * The wheel, from the store where that has it. Whoever asks for the same at the same time shares one fetch.
   * @throws PocketError ERR_POCKET_INTEGRITY, ERR_POCKET_PACKAGE_REFUSED; what `fetch` throws; the signal's reason
   */
  take(wanted: WantedWheel, signal: AbortSignal): Promise<StoredWheel>;
}

export function createWheelStore(store: Store, limits: WheelLimits): WheelStore {
  const read = async (digest: string): Promise<Uint8Array | null> => {
    const content = await store.readBlob(keyOf(digest));
    return content !== null && digestOf(content) === digest ? content : null;
  };
  return {
    read,
    async take(wanted, signal) {
      const { fileName, digest, place } = wanted;
      const key = JSON.stringify(["wheel", store.home, digest ?? place, fileName]);
      return shareWork(key, signal, async (shared) => {
        const stored = digest === undefined ? null : await read(digest);
        if (stored !== null && digest !== undefined) return { content: stored, digest };
        const content = await wanted.fetch(shared);
        const found = digestOf(content);
        if (digest !== undefined && digest !== found) throw wrongContent(fileName, place, { expected: digest, found });
        await checkWheel(fileName, content, limits);
        await store.writeBlob(keyOf(found), content);
        return { content, digest: found };
      });
    },
  };
}

export function digestOf(content: Uint8Array): string {
  return `sha256-${createHash("sha256").update(content).digest("hex")}`;
}

function keyOf(digest: string): string {
  return `wheel-${digest}`;
}
