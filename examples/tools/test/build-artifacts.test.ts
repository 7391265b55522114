import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildArtifacts, TOOLS } from "../src/build-artifacts.ts";

const artifacts = await buildArtifacts();

test.each(artifacts)("buildArtifacts() makes what is published when it builds $path", async ({ path, content }) => {
  const published = await readFile(join(TOOLS, path));
  expect(published.equals(content), "run `node examples/tools/src/main.ts`").toBe(true);
});
