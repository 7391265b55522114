/** The two ways to install a browser: Puppeteer's download, and Debian's package. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { runQuietly } from "./child-process.mjs";
import { getDownloadFolder, runsAsRoot } from "./find-browser.mjs";
import { ROOT } from "./workspace.mjs";

/** @typedef {import("./child-process.mjs").Environment} Environment */

const DOWNLOAD_LIMIT_MS = 180_000;
const APT_LIMIT_MS = 600_000;
const DEBIAN_PACKAGES = ["chromium", "chromium-sandbox"];

/**
 * Downloads the Chrome that this version of Puppeteer is made for, with the libraries of the system that it needs.
 * @param {Environment} environment
 * @returns {Promise<string>} what was printed
 */
export async function downloadBrowser(environment) {
  const { resolve } = createRequire(join(ROOT, "packages", "wasm-invoker", "package.json"));
  const command = resolve("puppeteer/lib/puppeteer/node/cli.js");
  const { output, error } = await runQuietly(
    "node",
    [command, "browsers", "install", "chrome", ...(runsAsRoot() ? ["--install-deps"] : [])],
    {
      environment: { ...environment, PUPPETEER_CACHE_DIR: getDownloadFolder(environment) },
      signal: AbortSignal.timeout(DOWNLOAD_LIMIT_MS),
    },
  );
  return lastLines(error ? `${output}\n${error.message} after ${DOWNLOAD_LIMIT_MS / 1000} s` : output);
}

/**
 * Installs Chromium with apt-get, as root or with a sudo that asks nothing.
 * @param {Environment} environment
 * @returns {Promise<string>} what was printed
 */
export async function installDebianBrowser(environment) {
  // One list that cannot be fetched fails the update, and is no harm when the others hold the package.
  const updated = await runAptGet(["update"], environment);
  const installed = await runAptGet(["install", "--yes", "--no-install-recommends", ...DEBIAN_PACKAGES], environment);
  return lastLines(updated === installed ? installed : `${updated}\n${installed}`);
}

/**
 * @param {string[]} args
 * @param {Environment} environment
 * @returns {Promise<string>} what was printed
 */
async function runAptGet(args, environment) {
  const command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args];
  const [program = "", ...rest] = runsAsRoot() ? command : ["sudo", "-n", ...command];
  const { output, error } = await runQuietly(program, rest, { environment, signal: AbortSignal.timeout(APT_LIMIT_MS) });
  return error ? `${output}${error.message}` : output;
}

/**
 * The end of what was printed, without usage before an error and places after it.
 * @param {string} text
 */
function lastLines(text) {
  const lines = text.trim().split("\n");
  const error = lines.findIndex((line) => line.startsWith("Error:"));
  return lines
    .slice(Math.max(error, 0))
    .filter((line) => !/^\s+at /u.test(line))
    .slice(-12)
    .join("\n");
}
