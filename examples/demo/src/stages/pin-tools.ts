/** Makes a Pocket of the repository's tools, which pins them in pocket.lock. */
import { strict as assert } from "node:assert";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Pocket } from "toolpocket";
import { followProgress } from "../follow-progress.ts";
import type { Report } from "../report.ts";
import { listRequests } from "../tool-requests.ts";

export interface PinToolsOptions {
  /** The project's folder. */
  readonly cwd: string;
  /** The repository's URL. */
  readonly repository: string;
}

export interface PinnedTools {
  readonly pocket: Pocket;
  /** The text of pocket.lock. */
  readonly lock: string;
  readonly pinMs: number;
}

export async function pinTools(report: Report, { cwd, repository }: PinToolsOptions): Promise<PinnedTools> {
  report.stage("Pin", "the agent's author names them by URL");
  const pocket = new Pocket({
    cwd,
    tools: listRequests(repository),
    frozen: false,
    onProgress: followProgress(report),
  });
  const { ms } = await report.step(
    "resolve, fetch",
    () => pocket.tools(),
    (tools) => tools.map(({ name, runtime }) => `${name} (${runtime})`).join(", "),
  );
  assert.deepEqual(await pocket.brokenTools(), []);
  const lock = await readFile(join(cwd, "pocket.lock"), "utf8");
  report.block("pocket.lock", lock);
  return { pocket, lock, pinMs: ms };
}
