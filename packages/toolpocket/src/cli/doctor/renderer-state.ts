/** Looks at the browser's renderer processes from outside: whether Chromium's sandbox holds them. Linux only. */
import { readdir, readFile } from "node:fs/promises";

export interface RendererState {
  readonly pid: number;
  /** A filter of system calls is on. */
  readonly hasSeccompFilter: boolean;
  /** It cannot see other processes. */
  readonly hasOwnPidNamespace: boolean;
}

/** The renderers among the descendants of this process. */
export async function readRendererStates(): Promise<RendererState[]> {
  const processes = await readProcesses();
  const descendants = new Set([process.pid]);
  // Parents come before their children, unless process ids have wrapped around: so until nothing is added any more.
  for (let size = 0; size < descendants.size;) {
    size = descendants.size;
    for (const { pid, parent } of processes) if (descendants.has(parent)) descendants.add(pid);
  }
  const states = await Promise.all([...descendants].map(readRendererState));
  return states.filter((state) => state !== undefined);
}

interface ProcessParent {
  readonly pid: number;
  readonly parent: number;
}

async function readProcesses(): Promise<ProcessParent[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/u.test(name));
  const parents = await Promise.all(
    pids.map(async (pid) => {
      // The name in brackets may hold anything; the state and the parent follow its last bracket.
      const stat = await readText(`/proc/${pid}/stat`);
      const [, parent] = /^.*\) \S (\d+)/su.exec(stat) ?? [];
      return parent === undefined ? undefined : { pid: Number(pid), parent: Number(parent) };
    }),
  );
  return parents.filter((found) => found !== undefined);
}

async function readRendererState(pid: number): Promise<RendererState | undefined> {
  const [commandLine, status] = await Promise.all([readText(`/proc/${pid}/cmdline`), readText(`/proc/${pid}/status`)]);
  // Chromium rewrites its command line as one text with spaces.
  if (!/(?:^|[\s\0])--type=renderer(?:[\s\0]|$)/u.test(commandLine)) return undefined;
  return {
    pid,
    hasSeccompFilter: /^Seccomp:\s*2$/mu.test(status),
    hasOwnPidNamespace: /^NSpid:\s*\d+\s+\d+/mu.test(status),
  };
}

/** "" when the process is gone. */
async function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}
