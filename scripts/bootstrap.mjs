/**
 * Sets up what a bare machine lacks, then runs one script with it: `node scripts/bootstrap.mjs <script> [arguments…]`.
 * It and what it imports use nothing but Node 18, because they run before anything is installed.
 */
import process from "node:process";
import { ensureBrowser } from "./bootstrap/browser.mjs";
import { runInForeground } from "./bootstrap/child-process.mjs";
import { ensureDependencies } from "./bootstrap/dependencies.mjs";
import { withSetUpLock } from "./bootstrap/set-up-lock.mjs";
import { ensureGuestBundles } from "./bootstrap/guest-bundles.mjs";
import { reportFailure } from "./bootstrap/progress.mjs";
import { findScript } from "./bootstrap/scripts.mjs";
import { StageError } from "./bootstrap/stage-error.mjs";
import { ensureTestPrograms } from "./bootstrap/test-programs.mjs";
import { ensureToolchain } from "./bootstrap/toolchain.mjs";

try {
  const [name, ...args] = process.argv.slice(2);
  const script = findScript(name);
  const environment = await withSetUpLock(async () => {
    const toolchain = await ensureToolchain();
    await ensureDependencies(toolchain);
    const browser = script.needsBrowser ? await ensureBrowser(toolchain) : {};
    await ensureGuestBundles(toolchain);
    if (script.needsTestPrograms === true) await ensureTestPrograms(toolchain);
    return { ...toolchain, ...browser };
  });
  await runInForeground("node", [...script.command, ...args], environment);
} catch (error) {
  if (!(error instanceof StageError)) throw error;
  reportFailure(error);
  process.exitCode = error.exitCode;
}
