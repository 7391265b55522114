/** Looks at the processes that a host has started: who they are, and whether they are gone. */
import { readdirSync, readFileSync } from "node:fs";

export interface ProcessEntry {
  readonly pid: number;
  readonly command: string;
}

/** All processes below `root`, however deep; `root` itself is not among them. */
export function listDescendants(root: number): ProcessEntry[] {
  const all = listProcesses();
  const below = (parent: number): (ProcessEntry & { parent: number })[] =>
    all.filter((entry) => entry.parent === parent).flatMap((entry) => [entry, ...below(entry.pid)]);
  return below(root);
}

/** Whether the process is there and not merely waiting to be reaped. */
export function isRunning(pid: number): boolean {
  return listProcesses().some((entry) => entry.pid === pid);
}

export function isRenderer({ command }: ProcessEntry): boolean {
  return command.includes("--type=renderer");
}

/** The browser's main process: it alone was given the debugging pipe and no type. */
export function isBrowser({ command }: ProcessEntry): boolean {
  return command.includes("--remote-debugging-pipe") && !command.includes("--type=");
}

function listProcesses(): (ProcessEntry & { parent: number })[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/u.test(name)) return [];
    try {
      const status = readFileSync(`/proc/${name}/status`, "utf8");
      if (/^State:\s+[ZX]/mu.test(status)) return [];
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
      return [{ pid: Number(name), parent: Number(/^PPid:\s+(\d+)/mu.exec(status)?.[1]), command }];
    } catch {
      // It ended while we looked.
      return [];
    }
  });
}
