/** Reads what this process and all that it has started take of the machine, from Linux' /proc. */
import { readdir, readFile } from "node:fs/promises";
import { SkippedSection } from "./section.ts";

/** The kernel counts a process's time in hundredths of a second, whatever the machine. */
const TICK_MS = 10;

interface ProcessStat {
  readonly id: number;
  readonly parent: number;
  /** Processor time since its start. */
  readonly cpuMs: number;
}

/** Milliseconds of processor time that this process and its descendants have had. @throws SkippedSection without /proc */
export async function readProcessorMs(): Promise<number> {
  return (await listProcesses()).reduce((total, { cpuMs }) => total + cpuMs, 0);
}

/** This process and its descendants. */
async function listProcesses(): Promise<ProcessStat[]> {
  if (process.platform !== "linux") throw new SkippedSection("processes are read from Linux' /proc");
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/u.test(name)).map(Number);
  const all = new Map((await Promise.all(ids.map(readStat))).flatMap((stat) => (stat ? [[stat.id, stat]] : [])));
  const isOurs = (id: number): boolean => id === process.pid || (id > 1 && isOurs(all.get(id)?.parent ?? 0));
  return [...all.values()].filter(({ id }) => isOurs(id));
}

/**
 * Megabytes of the browser, with all that it has started; what several processes have together counts once.
 * @throws SkippedSection without /proc
 */
export async function readBrowserMemory(): Promise<number> {
  const others = (await listProcesses()).filter(({ id }) => id !== process.pid);
  const readings = await Promise.all(others.map(({ id }) => readMegabytes(id)));
  return readings.reduce((total, megabytes) => total + megabytes, 0);
}

/** Undefined where the process is gone. */
async function readStat(id: number): Promise<ProcessStat | undefined> {
  const text = await readFile(`/proc/${id}/stat`, "latin1").catch(() => undefined);
  if (text === undefined) return undefined;
  // The name stands in parentheses and may hold anything; the fields behind it are state, parent, …
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
  return { id, parent: parent ?? 0, cpuMs: ((user ?? 0) + (system ?? 0)) * TICK_MS };
}

async function readMegabytes(id: number): Promise<number> {
  const rollup = await readFile(`/proc/${id}/smaps_rollup`, "latin1").catch(() => "");
  const kilobytes = /^Pss:\s+(\d+) kB/mu.exec(rollup)?.[1];
  return Number(kilobytes ?? 0) / 1_024;
}
