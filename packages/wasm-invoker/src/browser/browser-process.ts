/** The browser's process: started under the right user in a group of its own, and ended with all its children. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import type { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { PocketError } from "@toolpocket/core";
import type { BrowserUser } from "./browser-user.ts";

/** How much of the browser's last words is kept for an error message. */
const KEPT_STDERR_CHARACTERS = 4_000;
/** How long the browser may take to go by itself. */
const CLOSE_GRACE_MS = 2_000;
/** When is looked first whether the last of its processes is gone; then after twice as long each time. */
const GONE_INTERVAL_MS = 10;
/** From when on those that are still there may be dead ones: to tell them apart, every process of the machine is read. */
const UNCOLLECTED_MS = 40;

export interface BrowserProcess {
  readonly toBrowser: Writable;
  readonly fromBrowser: Readable;
  /** Settles when the process has ended, with its last words, or how it ended where it had none. */
  readonly exited: Promise<string>;
  /** Settles when the process no longer listens: it has ended, or is about to. */
  readonly disconnected: Promise<void>;
  /** Sends the process and its children away at once. */
  kill(): void;
  /** Ends the process and its children; resolves when they are gone. */
  end(): Promise<void>;
}

/** @throws PocketError ERR_POCKET_BROWSER_START when it cannot be started */
export async function startBrowserProcess(
  path: string,
  flags: readonly string[],
  profileFolder: string,
  user: BrowserUser | undefined,
): Promise<BrowserProcess> {
  const child = spawn(path, flags, {
    ...user,
    // In a group of its own: all of its processes are ended by one signal, and a Ctrl-C at the terminal reaches the host first.
    detached: true,
    cwd: profileFolder,
    env: { PATH: process.env["PATH"], LANG: "C.UTF-8", HOME: profileFolder, TMPDIR: profileFolder },
    stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
  });
  let lastWords = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    lastWords = (lastWords + text).slice(-KEPT_STDERR_CHARACTERS);
  });
  const exited = new Promise<string>((resolve) =>
    child.once("exit", (code, signal) => resolve(lastWords.trim() || describeExit(code, signal))),
  );
  await once(child, "spawn").catch((error: unknown) => {
    throw new PocketError("ERR_POCKET_BROWSER_START", `the browser at ${path} could not be started`, {
      hint: user
        ? `as root the browser runs as user ${user.uid}, who must be able to read and execute it: install it outside of root's home, for example your system's package \`chromium\``
        : "check that the file is an executable of this machine, or set POCKET_BROWSER to another",
      details: { path },
      cause: error,
    });
  });
  const [, , stderr, toBrowser, fromBrowser] = child.stdio as unknown as Socket[] & { 3: Socket; 4: Socket };
  // A browser that waits for work keeps no program from its end; see keep-alive.ts for one that works.
  child.unref();
  for (const pipe of [stderr, toBrowser, fromBrowser]) pipe?.unref();
  return {
    toBrowser,
    fromBrowser,
    exited,
    disconnected: new Promise((resolve) => {
      fromBrowser.once("close", resolve);
      child.once("exit", () => resolve());
    }),
    kill: () => void signalGroup(child, "SIGKILL"),
    end: () => endGroup(child, exited),
  };
}

function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `it wrote nothing, and exited with code ${String(code)}` : `${signal} ended it`;
}

async function endGroup(child: ChildProcess, exited: Promise<string>): Promise<void> {
  const gone = await Promise.race([exited.then(() => true), setTimeout(CLOSE_GRACE_MS, false, { ref: false })]);
  if (!gone) signalGroup(child, "SIGKILL");
  await exited;
  for (let wait = GONE_INTERVAL_MS; wait < CLOSE_GRACE_MS && signalGroup(child, "SIGKILL"); wait *= 2) {
    await setTimeout(wait);
    if (wait >= UNCOLLECTED_MS && !(await hasLiving(child.pid))) return;
  }
}

/** Whether a process of the group still runs. The dead stay in it until init collects them, which in a container may take a second. */
async function hasLiving(group: number | undefined): Promise<boolean> {
  const processes = await readdir("/proc").catch(() => undefined);
  if (processes === undefined) return true;
  const states = await Promise.all(
    processes.map(async (id) => (/^\d+$/u.test(id) ? readFile(`/proc/${id}/stat`, "utf8").catch(() => "") : "")),
  );
  // "pid (name) state parent group …"; the name may hold anything. proc_pid_stat(5)
  return states.some((stat) => {
    const [state, , ofGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(ofGroup) === group && state !== "Z" && state !== "X";
  });
}

/** False when nobody is left in the group. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    return false;
  }
}
