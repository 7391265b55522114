/** Notices that the tools of a Pocket changed on the disk: those of folders are read again when they are edited. */
import { digestDefinition } from "@toolpocket/core";
import type { PocketHandle } from "./pocket-handle.ts";

/** How often the tools are looked at; a look at an unchanged folder reads times of files only. */
export const DEFAULT_WATCH_INTERVAL_MS = 2_000;

/**
 * Tells the handle's listeners whenever name, description or schema of a tool are others than at the last look. The
 * timer keeps no process alive. @returns a function that ends it.
 */
export function watchTools(handle: PocketHandle, intervalMs = DEFAULT_WATCH_INTERVAL_MS): () => void {
  let last: string | undefined;
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    try {
      const seen = await digestTools(handle);
      if (last !== undefined && seen !== last) handle.toolsChanged();
      last = seen;
    } catch {
      // A Pocket that cannot be loaded now says so to whoever calls it.
    } finally {
      isLooking = false;
    }
  };
  void look();
  const timer = setInterval(() => void look(), intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

async function digestTools({ pocket }: PocketHandle): Promise<string> {
  return (await pocket.tools()).map(digestDefinition).join();
}
