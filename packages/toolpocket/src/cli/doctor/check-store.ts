/** Checks the store: whether it can be written, how large it is, how much room there is. */
import { readdir, stat, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openStore } from "@toolpocket/core";
import { type Check, check, passed, warned } from "./check.ts";
import { formatBytes } from "../text/bytes.ts";

/** Less is not enough for a Python snapshot and some tools. */
const MIN_FREE_BYTES = 268_435_456;

export async function checkStore(): Promise<Check> {
  return check("store", async () => {
    const store = openStore();
    await store.withScratch((folder) => writeFile(join(folder, "probe"), "probe"));
    const { bavail, bsize } = await statfs(store.home);
    const free = bavail * bsize;
    const found = `${store.home}, ${formatBytes(await measureFolder(store.home))}, ${formatBytes(free)} free`;
    return free < MIN_FREE_BYTES
      ? warned("store", found, "free space on that disk, or set POCKET_HOME to a folder on another")
      : passed("store", found);
  });
}

/** Files come and go while it is measured. */
async function measureFolder(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name)).catch(() => undefined))?.size ?? 0),
  );
  return sizes.reduce((total, size) => total + size, 0);
}
