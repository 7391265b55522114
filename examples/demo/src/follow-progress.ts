/** Shows what a Pocket is waiting for. */
import type { ProgressEvent } from "toolpocket";
import type { Report } from "./report.ts";

const WORK: Readonly<Record<string, string>> = {
  resolve: "asking the remote for its refs",
  fetch: "fetching the tools",
  browser: "starting the browser",
  snapshot: "booting Python once, for a snapshot",
};

/** An `onProgress` for the report. */
export function followProgress(report: Report): (event: ProgressEvent) => void {
  return ({ stage, state }) => {
    if (state === "start") report.waitFor(WORK[stage] ?? stage);
  };
}
