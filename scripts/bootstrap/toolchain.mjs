/** The stage that brings the pinned node and pnpm, under `.toolchain/node_modules/.bin`. */
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import process from "node:process";
import { runQuietly } from "./child-process.mjs";
import { showStage } from "./progress.mjs";
import { StageError } from "./stage-error.mjs";
import { ROOT, TOOLCHAIN, digestFiles, isStamped } from "./workspace.mjs";

/** @typedef {import("./child-process.mjs").Environment} Environment */
/** @typedef {{ name: string, version: string, path: string }} Tool `path` of the executable, relative to node_modules */

const MANIFEST = "scripts/toolchain/package.json";
const LOCKFILE = "scripts/toolchain/package-lock.json";
const INSTALLED = join(TOOLCHAIN, "node_modules");
const BIN = join(INSTALLED, ".bin");
const STAMP_NAME = ".toolpocket-stamp";
const MACHINE = `${process.platform}-${process.arch}`;

/**
 * The environment in which the pinned node and pnpm come first.
 * @throws {StageError} when they cannot be installed
 * @returns {Promise<Environment>}
 */
export async function ensureToolchain() {
  const environment = { ...process.env, PATH: [BIN, process.env.PATH ?? "/usr/bin:/bin"].join(delimiter) };
  const stamp = `${MACHINE} ${digestFiles([MANIFEST, LOCKFILE])}`;
  if (isStamped(join(INSTALLED, STAMP_NAME), stamp)) return environment;

  await showStage("toolchain", "installing node and pnpm…", async () => {
    const tools = readPinnedTools();
    const staging = join(TOOLCHAIN, `staging-${process.pid}`);
    const modules = join(staging, "node_modules");
    try {
      await runNpm(staging);
      for (const tool of tools) linkTool(tool, modules);
      for (const tool of tools) await tryTool(tool, modules);
      writeFileSync(join(modules, STAMP_NAME), stamp);
      // What runs from the old folder keeps running.
      if (existsSync(INSTALLED)) renameSync(INSTALLED, join(staging, "old"));
      renameSync(modules, INSTALLED);
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
    return { detail: tools.map(({ name, version }) => `${name} ${version}`).join(", "), value: undefined };
  });
  return environment;
}

/**
 * The tools for this machine, with the versions of the committed lockfile. They are the packages that hold the
 * binaries, so that npm checks them: the packages `node` and `pnpm` fetch them in scripts of their own.
 * @returns {Tool[]}
 */
function readPinnedTools() {
  /** @type {{ packages: Record<string, { version: string } | undefined> }} */
  const { packages } = JSON.parse(readFileSync(join(ROOT, LOCKFILE), "utf8"));
  return [
    { name: "node", folder: `node-${MACHINE}`, executable: "bin/node" },
    { name: "pnpm", folder: `@pnpm/exe.${MACHINE}`, executable: "pnpm" },
  ].map(({ name, folder, executable }) => {
    const pinned = packages[`node_modules/${folder}`];
    if (pinned) return { name, version: pinned.version, path: join(folder, executable) };
    throw new StageError(`There is no pinned ${name} for ${MACHINE}`, {
      advice: "Work on Linux (x64 or arm64), for example in a Debian container.",
    });
  });
}

/**
 * Installs what the lockfile pins below `folder`; npm checks each package against the lockfile's integrity.
 * @param {string} folder
 */
async function runNpm(folder) {
  mkdirSync(folder, { recursive: true });
  for (const file of [MANIFEST, LOCKFILE]) cpSync(join(ROOT, file), join(folder, basename(file)));
  const npm = findNpm();
  const flags = ["--include=optional", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
  // npm's own pauses between two tries make it take more than a minute to say that there is no network.
  flags.push("--fetch-retry-mintimeout=2000", "--fetch-retry-maxtimeout=8000", "--loglevel=error");
  const { exitCode, output, error } = await runQuietly(
    npm.command,
    [...npm.args, "ci", `--prefix=${folder}`, ...flags],
    {
      cwd: folder,
    },
  );
  if (error) throw new StageError("npm could not be started", { advice: "Install npm, and try again.", cause: error });
  if (exitCode !== 0) throw createRegistryError(`npm ci failed with exit code ${exitCode}`, output);
}

/** The npm that runs this script, else the one on the path. */
function findNpm() {
  const script = process.env.npm_execpath;
  return script !== undefined && /npm-cli\.c?js$/u.test(script) && existsSync(script)
    ? { command: process.execPath, args: [script] }
    : { command: "npm", args: [] };
}

/**
 * @param {Tool} tool
 * @param {string} modules
 */
function linkTool({ name, path }, modules) {
  // npm leaves out an optional package that it could not fetch, and says nothing.
  if (!existsSync(join(modules, path))) throw createRegistryError(`npm could not fetch ${name}`, "");
  const link = join(modules, ".bin", name);
  mkdirSync(join(modules, ".bin"), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(join("..", path), link);
}

/**
 * @param {Tool} tool
 * @param {string} modules
 */
async function tryTool({ name, version }, modules) {
  const { output, error } = await runQuietly(join(modules, ".bin", name), ["--version"]);
  if (output.trim().replace(/^v/u, "") === version) return;
  throw new StageError(`The pinned ${name} does not run on this machine`, {
    advice: "Work on a Linux with glibc, for example in a Debian container.",
    output: error?.message ?? output,
    cause: error,
  });
}

/**
 * @param {string} message
 * @param {string} output
 */
function createRegistryError(message, output) {
  return new StageError(message, {
    advice: "Check that the npm registry can be reached (`npm ping`), and try again.",
    output,
  });
}
