/** Installs packages of Debian with apt-get. */
import { runQuietly } from "./child-process.mjs";
import { runsAsRoot } from "./find-browser.mjs";

/** @typedef {import("./child-process.mjs").Environment} Environment */

const APT_LIMIT_MS = 600_000;

/**
 * As root, or with a sudo that asks nothing.
 * @param {readonly string[]} packages
 * @param {Environment} environment
 * @param {{ limitMs?: number }} [options] of each of the two commands
 * @returns {Promise<string>} what was printed
 */
export async function installDebianPackages(packages, environment, { limitMs = APT_LIMIT_MS } = {}) {
  // One list that cannot be fetched fails the update, and is no harm when the others hold the package.
  const updated = await runAptGet(["update"], environment, limitMs);
  const installed = await runAptGet(["install", "--yes", "--no-install-recommends", ...packages], environment, limitMs);
  return updated === installed ? installed : `${updated}\n${installed}`;
}

/**
 * @param {string[]} args
 * @param {Environment} environment
 * @param {number} limitMs
 * @returns {Promise<string>} what was printed
 */
async function runAptGet(args, environment, limitMs) {
  const command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args];
  const [program = "", ...rest] = runsAsRoot() ? command : ["sudo", "-n", ...command];
  const { output, error } = await runQuietly(program, rest, { environment, signal: AbortSignal.timeout(limitMs) });
  return error ? `${output}${error.message}` : output;
}
