/** Runs other programs: quietly with their output kept, or in the foreground in place of this process. */
import { spawn } from "node:child_process";
import process from "node:process";
import { ROOT } from "./workspace.mjs";

/** @typedef {Record<string, string | undefined>} Environment */
/** @typedef {{ exitCode: number, output: string, error?: Error }} Ended what a program printed on both streams, and how it ended; `error` where it could not start */

/** @type {NodeJS.Signals[]} */
const FORWARDED_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a program without input, and keeps what it prints. Never rejects.
 * @param {string} command
 * @param {string[]} args
 * @param {{ environment?: Environment, cwd?: string, signal?: AbortSignal }} [options]
 * @returns {Promise<Ended>}
 */
export function runQuietly(command, args, { environment = process.env, cwd = ROOT, signal } = {}) {
  return new Promise((resolve) => {
    /** @type {Buffer[]} */
    const chunks = [];
    const child = spawn(command, args, {
      cwd,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      ...(signal && { signal }),
    });
    const stopForwarding = forwardSignals(child);
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    /** @param {Omit<Ended, "output">} how */
    const end = (how) => {
      const received = stopForwarding();
      if (received) process.kill(process.pid, received);
      resolve({ ...how, output: Buffer.concat(chunks).toString() });
    };
    child.on("error", (error) => end({ exitCode: 1, error }));
    child.on("close", (code) => end({ exitCode: code ?? 1 }));
  });
}

/**
 * Runs a program on this terminal and ends as it ends: with its exit code, or by its signal.
 * @param {string} command
 * @param {string[]} args
 * @param {Environment} environment
 * @returns {Promise<void>}
 */
export function runInForeground(command, args, environment) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, env: { ...environment, ...choosePlainText() }, stdio: "inherit" });
    const stopForwarding = forwardSignals(child);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      stopForwarding();
      if (signal) process.kill(process.pid, signal);
      process.exitCode = code ?? 1;
      resolve();
    });
  });
}

/** Programs take CI for a terminal with colours; a log is read better without. */
function choosePlainText() {
  return process.stdout.isTTY || process.env.FORCE_COLOR !== undefined ? {} : { NO_COLOR: "1" };
}

/**
 * Passes signals on to a child until the returned function is called, which tells the last one that came.
 * A Ctrl-C on a terminal reaches the child by itself.
 * @param {import("node:child_process").ChildProcess} child
 */
function forwardSignals(child) {
  /** @type {NodeJS.Signals | undefined} */
  let received;
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    received = signal;
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of FORWARDED_SIGNALS) process.on(signal, forward);
  return () => {
    for (const signal of FORWARDED_SIGNALS) process.off(signal, forward);
    return received;
  };
}
