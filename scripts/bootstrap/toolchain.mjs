/** The stage that brings the pinned node and pnpm, under `.toolchain/node_modules/.bin`. */
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { runQuietly } from "./child-process.mjs";
import { showStage } from "./progress.mjs";
import { StageError } from "./stage-error.mjs";
import { ROOT, TOOLCHAIN, digestFiles, isStamped } from "./workspace.mjs";

/** @typedef {import("./child-process.mjs").Environment} Environment */

const MANIFEST = "scripts/toolchain/package.json";
const LOCKFILE = "scripts/toolchain/package-lock.json";
const INSTALLED = join(TOOLCHAIN, "node_modules");
const BIN = join(INSTALLED, ".bin");
const STAMP = join(INSTALLED, ".toolpocket-stamp");

/**
 * The environment in which the pinned node and pnpm come first.
 * @throws {StageError} when they cannot be installed
 * @returns {Promise<{ environment: Environment }>}
 */
export async function ensureToolchain() {
  const environment = { ...process.env, PATH: [BIN, process.env.PATH ?? "/usr/bin:/bin"].join(delimiter) };
  const versions = readPinnedVersions();
  if (versions.node === undefined) {
    throw new StageError(`There is no pinned node for ${process.platform} on ${process.arch}`, {
      advice: "Work on Linux (x64 or arm64), for example in a Debian container.",
    });
  }
  const stamp = `${process.platform}-${process.arch} ${digestFiles([MANIFEST, LOCKFILE])}`;
  if (isStamped(STAMP, stamp) && existsSync(join(BIN, "node")) && existsSync(join(BIN, "pnpm"))) return { environment };

  await showStage("toolchain", "installing node and pnpm…", async () => {
    const staging = join(TOOLCHAIN, `staging-${process.pid}`);
    try {
      await install(staging, versions);
      writeFileSync(join(staging, "node_modules", ".toolpocket-stamp"), stamp);
      replaceFolder(INSTALLED, join(staging, "node_modules"), join(staging, "old"));
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
    return { detail: `node ${versions.node}, pnpm ${versions.pnpm}`, value: undefined };
  });
  return { environment };
}

/** Versions as the committed lockfile pins them; `node` is undefined where npm has no package for this machine. */
function readPinnedVersions() {
  /** @type {{ packages: Record<string, { version: string } | undefined> }} */
  const { packages } = JSON.parse(readFileSync(join(ROOT, LOCKFILE), "utf8"));
  return {
    node: packages[`node_modules/node-${process.platform}-${process.arch}`]?.version,
    pnpm: packages["node_modules/pnpm"]?.version,
  };
}

/**
 * Installs with npm, which checks each package against the lockfile's integrity.
 * @param {string} folder
 * @param {{ node: string | undefined, pnpm: string | undefined }} versions
 */
async function install(folder, versions) {
  mkdirSync(folder, { recursive: true });
  for (const file of [MANIFEST, LOCKFILE]) cpSync(join(ROOT, file), join(folder, file.replace(/.*\//u, "")));
  const npm = findNpm();
  const flags = ["--include=optional", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
  const installed = await runQuietly(npm.command, [...npm.args, "ci", `--prefix=${folder}`, ...flags], { cwd: folder });
  if (installed.error) {
    throw new StageError("npm could not be started", { advice: "Install npm, and try again.", cause: installed.error });
  }
  if (installed.exitCode !== 0) {
    throw new StageError(`npm ci failed with exit code ${installed.exitCode}`, {
      advice: "Check that the npm registry can be reached (`npm ping`), and try again.",
      output: installed.output,
    });
  }
  // npm's scripts may be switched off; pnpm's own one puts the native binary in place.
  const bin = join(folder, "node_modules", ".bin");
  const pnpm = join(folder, "node_modules", "pnpm");
  await runQuietly(join(bin, "node"), ["install.js"], { cwd: pnpm });
  for (const [tool, args, expected] of /** @type {const} */ ([
    ["node", ["--version"], `v${versions.node}`],
    ["pnpm", ["--version"], versions.pnpm],
  ])) {
    const answer = await runQuietly(join(bin, tool), [...args], { cwd: folder });
    if (answer.output.trim() !== expected) {
      throw new StageError(`The pinned ${tool} does not run on this machine`, {
        advice: "Work on a Linux with glibc (x64 or arm64), for example in a Debian container.",
        output: answer.error?.message ?? answer.output,
        cause: answer.error,
      });
    }
  }
}

/** The npm that runs this script, else the one on the path. */
function findNpm() {
  const script = process.env.npm_execpath;
  return script !== undefined && /npm-cli\.c?js$/u.test(script) && existsSync(script)
    ? { command: process.execPath, args: [script] }
    : { command: "npm", args: [] };
}

/**
 * Puts `next` in the place of `target`; what runs from `target` keeps running.
 * @param {string} target
 * @param {string} next
 * @param {string} old where `target` goes
 */
function replaceFolder(target, next, old) {
  if (existsSync(target)) renameSync(target, old);
  renameSync(next, target);
}
