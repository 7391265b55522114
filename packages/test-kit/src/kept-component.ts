/** What is slow to build is built once a machine: components in its folder of temporary files, by what they are made of. */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Also the place of what builders themselves fetch and want to find again. */
export const KEPT_COMPONENTS = join(tmpdir(), "toolpocket-test-components");

/** @param parts all that the component hangs on: sources, versions, options */
export async function keepComponent(parts: readonly unknown[], build: () => Promise<Uint8Array>): Promise<Uint8Array> {
  const kept = join(KEPT_COMPONENTS, `${createHash("sha256").update(JSON.stringify(parts)).digest("hex")}.wasm`);
  const found = await readFile(kept).catch(() => undefined);
  if (found !== undefined) return new Uint8Array(found);
  const built = await build();
  await mkdir(KEPT_COMPONENTS, { recursive: true });
  await writeFile(`${kept}.${process.pid}`, built);
  await rename(`${kept}.${process.pid}`, kept);
  return built;
}
