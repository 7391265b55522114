/** Memory of an idle sandbox, as the operating system counts the whole browser before and after it was opened. */
import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Pocket } from "toolpocket";
import { median, type Row } from "../row.ts";

const run = promisify(execFile);

/** Time in which a sandbox comes to rest after its call. */
const REST_MS = 2_000;

export async function measureMemory(pocket: Pocket, names: readonly string[]): Promise<Row> {
  const growth: number[] = [];
  let before = Number.NaN;
  for (const name of names) {
    await pocket.invoke(name, { city: "Seoul" });
    await sleep(REST_MS);
    const now = await readBrowserMegabytes();
    if (!Number.isNaN(before)) growth.push(now - before);
    before = now;
  }
  return {
    id: "memory-sandbox",
    what: "memory of one more idle python sandbox, with its ready instance",
    value: median(growth),
    floorOrPeer: null,
    unit: "MB",
    beside: "",
    ratio: null,
    goal: null,
    pass: null,
  };
}

/** Resident memory of all renderers that this process has started, in megabytes. */
async function readBrowserMegabytes(): Promise<number> {
  const { stdout } = await run("ps", ["-eo", "pid,ppid,rss,args"]);
  const processes = stdout.split("\n").map((line) => /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/u.exec(line));
  const parents = new Map(processes.map((found) => [Number(found?.[1]), Number(found?.[2])]));
  const isOurs = (pid: number): boolean => pid === process.pid || (pid > 1 && isOurs(parents.get(pid) ?? 0));
  return processes
    .filter((found) => found?.[4]?.includes("--type=renderer") && isOurs(Number(found[1])))
    .reduce((total, found) => total + Number(found?.[3]) / 1_024, 0);
}
