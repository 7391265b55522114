/** The stage that installs the workspace's dependencies exactly as pnpm-lock.yaml has them. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runQuietly } from "./child-process.mjs";
import { showStage } from "./progress.mjs";
import { StageError } from "./stage-error.mjs";
import { ROOT, digestFiles, isStamped, listPackageFolders } from "./workspace.mjs";

const STAMP = join(ROOT, "node_modules", ".toolpocket-stamp");

/**
 * Does nothing when the installed dependencies come from this lockfile and these manifests.
 * @param {import("./child-process.mjs").Environment} environment
 * @throws {StageError} when the lockfile is out of date or a package can neither be found in pnpm's store nor fetched
 */
export async function ensureDependencies(environment) {
  const folders = listPackageFolders();
  const manifests = ["package.json", ...folders.map((folder) => join(folder, "package.json"))];
  const stamp = digestFiles(["pnpm-lock.yaml", "pnpm-workspace.yaml", ...manifests]);
  if (isStamped(STAMP, stamp) && folders.every(isLinked)) return;

  await showStage("packages", "installing…", async () => {
    const { exitCode, output } = await runQuietly(
      "pnpm",
      [
        "install",
        "--frozen-lockfile",
        "--prefer-offline",
        "--reporter=append-only",
        "--config.confirmModulesPurge=false",
      ],
      { environment },
    );
    if (exitCode !== 0) {
      throw new StageError(`pnpm install failed with exit code ${exitCode}`, {
        advice: output.includes("OUTDATED_LOCKFILE")
          ? "Run `.toolchain/node_modules/.bin/pnpm install`, and commit pnpm-lock.yaml."
          : "Check that the npm registry can be reached (`npm ping`), and try again.",
        output,
      });
    }
    writeFileSync(STAMP, stamp);
    return { detail: `${folders.length} of the workspace and what they depend on`, value: undefined };
  });
}

/**
 * Whether a package that has dependencies has them in its folder.
 * @param {string} folder
 */
function isLinked(folder) {
  /** @type {{ dependencies?: object, devDependencies?: object }} */
  const { dependencies = {}, devDependencies = {} } = JSON.parse(
    readFileSync(join(ROOT, folder, "package.json"), "utf8"),
  );
  const isEmpty = Object.keys({ ...dependencies, ...devDependencies }).length === 0;
  return isEmpty || existsSync(join(ROOT, folder, "node_modules"));
}
