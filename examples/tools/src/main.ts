/** Builds what the tools publish in their `dist/` folders. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buildArtifacts, TOOLS } from "./build-artifacts.ts";

for (const { path, content } of await buildArtifacts()) {
  await mkdir(dirname(join(TOOLS, path)), { recursive: true });
  await writeFile(join(TOOLS, path), content);
}
