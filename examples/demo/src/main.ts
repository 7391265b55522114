/** From a git repository to an agent that calls its tools, and back again offline; each stage is a file of `stages/`. */
import process from "node:process";
import { startGitServer } from "@toolpocket/test-kit";
import { isPocketError } from "toolpocket";
import { createReport } from "./report.ts";
import { openScratchFolder } from "./scratch-folder.ts";
import { converse } from "./stages/converse.ts";
import { holdHostileTools } from "./stages/hold-hostile-tools.ts";
import { pinTools } from "./stages/pin-tools.ts";
import { publishTools } from "./stages/publish-tools.ts";
import { restartOffline } from "./stages/restart-offline.ts";
import { runTools } from "./stages/run-tools.ts";

const report = createReport(process.stdout);
const scratch = openScratchFolder();
// A store of its own: what is shown is the first start on a machine, and nothing of it stays.
process.env["POCKET_HOME"] = scratch.store;

try {
  await demonstrate();
} catch (error) {
  report.failure(error, isPocketError(error) ? error.hint : undefined);
  process.exitCode = 1;
} finally {
  scratch.remove();
}

async function demonstrate(): Promise<void> {
  report.title("Toolpocket", "tools that somebody else wrote: pinned, sandboxed, called by an agent");
  const server = await startGitServer({ root: scratch.repositories });
  try {
    const repository = await publishTools(report, server);
    const { pocket, lock, pinMs } = await pinTools(report, { cwd: scratch.project, repository });
    try {
      const { firstPythonMs, firstNodeMs, warmMs } = await runTools(report, pocket);
      await converse(report, pocket);
      await holdHostileTools(report, pocket);
      await pocket.close();
      await server.close();
      const { offlineMs } = await restartOffline(report, { cwd: scratch.project, repository, lock });
      report.summary([
        ["four tools resolved, fetched and pinned", pinMs],
        ["start to first Python result, nothing in the store", pinMs + firstPythonMs],
        ["first node result", firstNodeMs],
        ["warm Python call, median", warmMs],
        ["start to first Python result, offline from the store", offlineMs],
      ]);
    } finally {
      await pocket.close();
    }
  } finally {
    await server.close();
  }
}
