/** A folder for one test. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export async function createProjectFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "toolpocket-mcp-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
