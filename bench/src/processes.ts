/** Reads what this process and all that it has started take of the machine, from Linux' /proc. */
import { readdir, readFile } from "node:fs/promises";
import { SkippedSection } from "./section.ts";

/** The kernel counts a process's time in hundredths of a second, whatever the machine. */
const TICK_MS = 10;

export interface ProcessReading {
  readonly id: number;
  /** Whether it is this process. */
  readonly isHost: boolean;
  /** Its share of the memory, in megabytes: what several processes have together counts once. */
  readonly megabytes: number;
  /** Processor time since its start. */
  readonly cpuMs: number;
}

/** This process and its descendants. @throws SkippedSection where there is no /proc */
export async function readProcesses(): Promise<ProcessReading[]> {
  if (process.platform !== "linux") throw new SkippedSection("processes are read from Linux' /proc");
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/u.test(name)).map(Number);
  const all = new Map((await Promise.all(ids.map(readStat))).flatMap((stat) => (stat ? [[stat.id, stat]] : [])));
  const isOurs = (id: number): boolean => id === process.pid || (id > 1 && isOurs(all.get(id)?.parent ?? 0));
  const ours = [...all.values()].filter(({ id }) => isOurs(id));
  return Promise.all(
    ours.map(async ({ id, cpuMs }) => ({ id, cpuMs, isHost: id === process.pid, megabytes: await readMegabytes(id) })),
  );
}

/** Megabytes of the host, and of the browser with all that it has started. */
export async function readMemory(): Promise<{ readonly host: number; readonly browser: number }> {
  const readings = await readProcesses();
  const sum = (isHost: boolean): number =>
    readings.filter((one) => one.isHost === isHost).reduce((total, { megabytes }) => total + megabytes, 0);
  return { host: sum(true), browser: sum(false) };
}

/** Undefined where the process is gone. */
async function readStat(id: number): Promise<{ id: number; parent: number; cpuMs: number } | undefined> {
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
