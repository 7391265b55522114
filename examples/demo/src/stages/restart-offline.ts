/** Starts again from pocket.lock and the store, with the git server gone. */
import { strict as assert } from "node:assert";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Pocket } from "toolpocket";
import { expectOutput } from "../expect-output.ts";
import { followProgress } from "../follow-progress.ts";
import type { Report } from "../report.ts";
import { listRequests } from "../tool-requests.ts";
import type { PinToolsOptions } from "./pin-tools.ts";

export interface RestartOptions extends PinToolsOptions {
  /** The text of pocket.lock, which must not change. */
  readonly lock: string;
}

export async function restartOffline(
  report: Report,
  { cwd, repository, lock }: RestartOptions,
): Promise<{ offlineMs: number }> {
  report.stage("Restart", "offline: the git server is stopped, a new Pocket and a new browser start");
  const pocket = new Pocket({
    cwd,
    tools: listRequests(repository),
    frozen: true,
    offline: true,
    onProgress: followProgress(report),
  });
  try {
    const loaded = await report.step(
      "load",
      () => pocket.tools(),
      (tools) => `${tools.length} tools from pocket.lock and the store, every tree verified`,
    );
    const called = await report.step(
      "climate",
      async () => expectOutput(await pocket.invoke("climate", { city: "Seoul", month: 7 })),
      (output) => output,
    );
    assert.equal(JSON.parse(called.value).average, 25);
    assert.equal(await readFile(join(cwd, "pocket.lock"), "utf8"), lock, "pocket.lock has changed");
    return { offlineMs: loaded.ms + called.ms };
  } finally {
    await pocket.close();
  }
}
