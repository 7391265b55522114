/** Looks at the processes that a host has started: who they are, and whether they are gone. */
import { readdirSync, readFileSync } from "node:fs";

export interface ProcessEntry {
  readonly pid: number;
  readonly command: string;
}

/** All processes below `root`, however deep; `root` itself is not among them. */
export function listDescendants(root: number): ProcessEntry[] {
  const all = listProcesses();
  const family = new Set([root]);
  // A child may stand before its parent in the list: look again until nobody is added.
  for (let size = 0; size < family.size;) {
    size = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.filter(({ pid }) => pid !== root && family.has(pid));
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
