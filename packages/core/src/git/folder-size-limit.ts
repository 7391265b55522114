/** A limit on what a command may write to disk while it runs. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

const INTERVAL_MS = 250;

/** Runs `work`, and calls `onExceeded` once when the files below `folder` grow beyond `maxBytes`. */
export async function withFolderSizeLimit<Result>(
  folder: string,
  limit: { readonly maxBytes: number; readonly onExceeded: () => void },
  work: () => Promise<Result>,
): Promise<Result> {
  const watch = setInterval(async () => {
    if ((await folderSize(folder)) <= limit.maxBytes) return;
    clearInterval(watch);
    limit.onExceeded();
  }, INTERVAL_MS);
  watch.unref();
  try {
    return await work();
  } finally {
    clearInterval(watch);
  }
}

/** What vanishes while it is counted does not count. */
async function folderSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let total = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    total += (await stat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0;
  }
  return total;
}
