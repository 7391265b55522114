/** The stage that bundles guest code: every package with a `build:guest` script has its bundles in `dist/guest`. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runQuietly } from "./child-process.mjs";
import { showStage } from "./progress.mjs";
import { StageError } from "./stage-error.mjs";
import { ROOT, TOOLCHAIN, digestFiles, isStamped, listFiles, listPackageFolders } from "./workspace.mjs";

/**
 * Does nothing for a package whose sources have not changed since its bundles were made.
 * @param {import("./child-process.mjs").Environment} environment
 * @throws {StageError} when a bundle cannot be made
 */
export async function ensureGuestBundles(environment) {
  const stale = listPackageFolders()
    .filter(hasGuestCode)
    .map((folder) => ({ folder, stamp: digestFiles(listInputs(folder)), stampFile: toStampFile(folder) }))
    .filter(({ folder, stamp, stampFile }) => {
      return !isStamped(stampFile, stamp) || !existsSync(join(ROOT, folder, "dist", "guest"));
    });
  if (stale.length === 0) return;

  await showStage("guest code", "bundling…", async () => {
    for (const { folder, stamp, stampFile } of stale) {
      const { exitCode, output } = await runQuietly("pnpm", ["--dir", folder, "run", "build:guest"], { environment });
      if (exitCode !== 0) {
        throw new StageError(`The guest code of ${folder} could not be bundled`, {
          advice: "Mend what the output names, and try again.",
          output,
        });
      }
      writeFileSync(stampFile, stamp);
    }
    return { detail: stale.map(({ folder }) => folder).join(", "), value: undefined };
  });
}

/** @param {string} folder */
function hasGuestCode(folder) {
  /** @type {{ scripts?: Record<string, string> }} */
  const { scripts = {} } = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
  return scripts["build:guest"] !== undefined;
}

/** @param {string} folder */
function listInputs(folder) {
  const own = ["package.json", "build.ts"].map((name) => join(folder, name));
  const folders = ["src", "build"].map((name) => join(folder, name));
  return [
    "pnpm-lock.yaml",
    ...own.filter((file) => existsSync(join(ROOT, file))),
    ...folders.filter((path) => existsSync(join(ROOT, path))).flatMap(listFiles),
  ];
}

/** @param {string} folder */
function toStampFile(folder) {
  return join(TOOLCHAIN, `guest-${folder.replaceAll("/", "-")}.stamp`);
}
