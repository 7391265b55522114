/** The stage that makes sure of a browser: the configured one, one that is there, or one that it installs. */
import { findBrowser, runsAsRoot } from "./find-browser.mjs";
import { downloadBrowser, installDebianBrowser } from "./install-browser.mjs";
import { showStage } from "./progress.mjs";
import { StageError } from "./stage-error.mjs";

/** @typedef {import("./child-process.mjs").Environment} Environment */
/** @typedef {{ name: string, install: (environment: Environment) => Promise<string> }} Way `install` gives what it printed */

const DOWNLOAD = { name: "Puppeteer's download", install: downloadBrowser };
const DEBIAN = { name: "Debian's chromium", install: installDebianBrowser };

/**
 * The variables that tell the product of a browser which it would not find by itself.
 * @param {Environment} environment
 * @throws {StageError} when there is no browser and none can be installed
 * @returns {Promise<Environment>}
 */
export async function ensureBrowser(environment) {
  const present = findBrowser(environment);
  return present ? present.variables : showStage("browser", "installing…", () => installBrowser(environment));
}

/**
 * Root takes Debian's package first: it brings its libraries, and the other user as whom the browser then runs can
 * read it. Anybody else takes the download first: it needs no rights.
 * @param {Environment} environment
 */
async function installBrowser(environment) {
  /** @type {string[]} */
  const reports = [];
  for (const way of runsAsRoot() ? [DEBIAN, DOWNLOAD] : [DOWNLOAD, DEBIAN]) {
    const report = await way.install(environment);
    const browser = findBrowser(environment);
    if (browser) return { detail: browser.path, value: browser.variables };
    reports.push(`${way.name}:\n${report.trimEnd()}`);
  }
  throw new StageError("No browser was found, and none could be installed", {
    advice: "Install Chromium or Chrome (`apt-get install chromium` as root), or set POCKET_BROWSER to its executable.",
    output: reports.join("\n\n"),
  });
}
