/** The stage that makes sure of a browser: the configured one, one that is there, or one that it installs. */
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runQuietly } from "./child-process.mjs";
import { findBrowsers, getConfiguringVariable, runsAsRoot } from "./find-browser.mjs";
import { downloadBrowser, installDebianBrowser } from "./install-browser.mjs";
import { showStage } from "./progress.mjs";
import { StageError } from "./stage-error.mjs";
import { TOOLCHAIN, isStamped } from "./workspace.mjs";

/** @typedef {import("./child-process.mjs").Environment} Environment */
/** @typedef {import("./find-browser.mjs").FoundBrowser} FoundBrowser */
/** @typedef {{ name: string, install: (environment: Environment) => Promise<string> }} Way `install` gives what it printed */

const STAMP = join(TOOLCHAIN, "browser.stamp");
const START_LIMIT_MS = 30_000;
const DOWNLOAD = { name: "Puppeteer's download", install: downloadBrowser };
const DEBIAN = { name: "Debian's chromium", install: installDebianBrowser };

/**
 * The variables that tell the product of a browser which it would not find by itself.
 * @param {Environment} environment
 * @throws {StageError} when there is none and none can be installed, or the configured one does not start
 * @returns {Promise<Environment>}
 */
export async function ensureBrowser(environment) {
  /** @type {string[]} */
  const reports = [];
  const present = await findWorkingBrowser(environment, reports);
  if (present) return present.variables;
  const variable = getConfiguringVariable(environment);
  if (variable !== undefined) {
    throw new StageError(`The browser that ${variable} names does not start`, {
      advice: `Set ${variable} to the executable of Chromium or Chrome, or unset it.`,
      output: reports.join("\n"),
    });
  }
  return showStage("browser", "installing…", async () => {
    const browser = await installBrowser(environment, reports);
    return { detail: browser.path, value: browser.variables };
  });
}

/**
 * Root takes Debian's package first: it brings its libraries, and the other user as whom the browser then runs can
 * read it. Anybody else takes the download first: it needs no rights.
 * @param {Environment} environment
 * @param {string[]} reports what was tried so far
 */
async function installBrowser(environment, reports) {
  for (const way of runsAsRoot() ? [DEBIAN, DOWNLOAD] : [DOWNLOAD, DEBIAN]) {
    reports.push(`${way.name}:\n${await way.install(environment)}`);
    const browser = await findWorkingBrowser(environment, reports);
    if (browser) return browser;
  }
  throw new StageError("No browser was found, and none could be installed", {
    advice: "Install Chromium or Chrome (`apt-get install chromium` as root), or set POCKET_BROWSER to its executable.",
    output: [...new Set(reports)].join("\n\n"),
  });
}

/**
 * The first browser that starts: one may lack a library, or only be a note that it could be installed.
 * @param {Environment} environment
 * @param {string[]} reports gets what a browser printed that does not start
 * @returns {Promise<FoundBrowser | undefined>}
 */
async function findWorkingBrowser(environment, reports) {
  for (const browser of findBrowsers(environment)) {
    const stamp = `${browser.path} ${statSync(browser.path).mtimeMs}`;
    if (isStamped(STAMP, stamp)) return browser;
    const signal = AbortSignal.timeout(START_LIMIT_MS);
    const { exitCode, output, error } = await runQuietly(browser.path, ["--version"], { environment, signal });
    if (exitCode === 0 && /chrom/iu.test(output)) {
      writeFileSync(STAMP, stamp);
      return browser;
    }
    reports.push(`${browser.path} does not start:\n${error?.message ?? output.trim()}`);
  }
  return undefined;
}
