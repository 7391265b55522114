/** How much memory a process holds, as the operating system counts it. */
import { readFileSync } from "node:fs";

/**
 * Anonymous resident memory of a process in bytes (`RssAnon` of proc(5)); undefined where the system does not tell or the
 * process is gone.
 */
export function readProcessMemory(processId: number): number | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const kibibytes = /^RssAnon:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${processId}/status`, "utf8"))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1_024;
  } catch {
    return undefined;
  }
}
