/** The stage that fetches what only tests need: Debian's registry for containers. Without it its tests skip, by name. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { installDebianPackages } from "./apt.mjs";
import { runsAsRoot } from "./find-browser.mjs";
import { showNote, showStage } from "./progress.mjs";

/** @typedef {import("./child-process.mjs").Environment} Environment */

/** By the program that each brings. */
const PACKAGES = new Map([
  ["docker-registry", "docker-registry"],
  ["htpasswd", "apache2-utils"],
]);
/** A run of the tests waits no longer for what it can do without. */
const LIMIT_MS = 120_000;

/**
 * Installs what is missing where that needs nobody's consent: as root, on Debian. Never throws for what is missing then.
 * @param {Environment} environment
 */
export async function ensureTestPrograms(environment) {
  const missing = findMissingPrograms(environment);
  if (missing.length === 0 || !runsAsRoot() || !isOnPath("apt-get", environment)) return;
  await showStage("registry", "installing…", async () => {
    const packages = missing.map((program) => PACKAGES.get(program) ?? program);
    await installDebianPackages(packages, environment, { limitMs: LIMIT_MS });
    return { detail: packages.join(", "), value: undefined };
  });
  const lacking = findMissingPrograms(environment);
  if (lacking.length > 0) showNote("registry", `${lacking.join(", ")} cannot be installed: the tests with it skip`);
}

/**
 * @param {Environment} environment
 * @returns {string[]} those that are not on the path
 */
export function findMissingPrograms(environment) {
  return [...PACKAGES.keys()].filter((program) => !isOnPath(program, environment));
}

/**
 * @param {string} program
 * @param {Environment} environment
 */
function isOnPath(program, environment) {
  const folders = (environment["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
