/** Finds the browsers that the tests and the demo can use: configured, the system's, or in one of Puppeteer's caches. */
import { accessSync, constants, readdirSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { StageError } from "./stage-error.mjs";

/** @typedef {import("./child-process.mjs").Environment} Environment */
/** @typedef {{ path: string, variables: Record<string, string> }} FoundBrowser */

const CONFIGURING_VARIABLES = ["POCKET_BROWSER", "PUPPETEER_EXECUTABLE_PATH"];
const SYSTEM_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
/** Root's own downloads: open to the unprivileged user as whom root's browser runs, as a home folder is not. */
const ROOT_CACHE = "/var/cache/toolpocket/browser";

/** Whether this process is root's, so that its browser has to run as somebody else. */
export function runsAsRoot() {
  return process.getuid?.() === 0;
}

/**
 * The folder in Puppeteer's layout that downloads go to.
 * @param {Environment} environment
 */
export function getDownloadFolder(environment) {
  return runsAsRoot() ? ROOT_CACHE : getPuppeteerCache(environment);
}

/**
 * The browsers there are, best first; only the configured one when there is one. `variables` is empty where the product
 * finds the browser by itself.
 * @param {Environment} environment
 * @param {{ asRoot?: boolean }} [options] with `asRoot` only what every user can run counts
 * @throws {StageError} when the configured browser is not there
 * @returns {FoundBrowser[]}
 */
export function findBrowsers(environment, { asRoot = runsAsRoot() } = {}) {
  const configured = findConfigured(environment);
  return configured ? [configured] : findInstalled(environment, asRoot);
}

/**
 * The name of the variable that names the browser, if one does.
 * @param {Environment} environment
 */
export function getConfiguringVariable(environment) {
  return CONFIGURING_VARIABLES.find((name) => environment[name]);
}

/**
 * @param {Environment} environment
 * @returns {FoundBrowser | undefined}
 */
function findConfigured(environment) {
  const variable = getConfiguringVariable(environment);
  const path = variable && environment[variable];
  if (!path) return undefined;
  if (isExecutable(path)) return { path, variables: {} };
  throw new StageError(`${variable} names ${path}, which is no program that can be run`, {
    advice: `Set ${variable} to the executable of Chromium or Chrome, or unset it.`,
  });
}

/**
 * @param {Environment} environment
 * @param {boolean} asRoot
 * @returns {FoundBrowser[]}
 */
function findInstalled(environment, asRoot) {
  const folders = (environment.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const system = SYSTEM_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const cached = listCached(getPuppeteerCache(environment));
  const own = asRoot ? listCached(ROOT_CACHE) : [];
  const first = system.find(isExecutable);
  return [...cached, ...system, ...own]
    .filter((path) => isExecutable(path) && (!asRoot || isOpenToOthers(realpathSync(path))))
    .map((path) => {
      const isFoundByProduct = path === first && cached.length === 0;
      return { path, variables: isFoundByProduct ? {} : { POCKET_BROWSER: path } };
    });
}

/** @param {Environment} environment */
function getPuppeteerCache(environment) {
  return environment.PUPPETEER_CACHE_DIR ?? join(environment.HOME ?? homedir(), ".cache", "puppeteer");
}

/**
 * Executables in a folder of Puppeteer's layout, `chrome/linux-<version>/chrome-linux64/chrome`, newest first.
 * @param {string} cache
 */
function listCached(cache) {
  const builds = join(cache, "chrome");
  return listFolder(builds)
    .sort((a, b) => b.localeCompare(a, "en", { numeric: true }))
    .flatMap((build) => listFolder(join(builds, build)).map((folder) => join(builds, build, folder, "chrome")));
}

/** @param {string} folder */
function listFolder(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Whether every user may enter the folders down to `path` and run it.
 * @param {string} path
 * @returns {boolean}
 */
function isOpenToOthers(path) {
  const isOpen = (statSync(path).mode & constants.S_IXOTH) !== 0;
  return isOpen && (path === dirname(path) || isOpenToOthers(dirname(path)));
}
