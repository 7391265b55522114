/** The two ways to install a browser: Puppeteer's download, and Debian's package. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { installDebianPackages } from "./apt.mjs";
import { runQuietly } from "./child-process.mjs";
import { getDownloadFolder, runsAsRoot } from "./find-browser.mjs";
import { ROOT } from "./workspace.mjs";

/** @typedef {import("./child-process.mjs").Environment} Environment */

const DOWNLOAD_LIMIT_MS = 180_000;
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
  return lastLines(await installDebianPackages(DEBIAN_PACKAGES, environment));
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
