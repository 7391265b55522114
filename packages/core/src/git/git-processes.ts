/**
 * The processes of one git command. Git leaves its transport helpers running when it is ended itself, and simple-git knows
 * only git: so git writes down every process that it starts (trace2), and an aborted command ends them all.
 */
import { readFileSync } from "node:fs";
import { isJsonObject, type JsonValue } from "../json.ts";

/** Ends what still runs of the command that traced to `traceFile`. Never fails: what is gone is gone. */
export function endGitProcesses(traceFile: string): void {
  for (const pid of listRunning(readTrace(traceFile))) {
    try {
      process.kill(pid, "SIGTERM");
    } catch {
      // It ended by itself.
    }
  }
}

function readTrace(traceFile: string): string {
  try {
    return readFileSync(traceFile, "utf8");
  } catch {
    return "";
  }
}

/** Process ids of the sessions that have started and not exited. The last part of a session's id ends in "-P" and the id in hex. */
function listRunning(trace: string): Set<number> {
  const running = new Set<number>();
  for (const line of trace.split("\n")) {
    const event = parseEvent(line);
    const hex = /-P(?<pid>[0-9a-f]+)$/u.exec(String(event["sid"]))?.groups?.["pid"];
    if (hex === undefined) continue;
    const pid = Number.parseInt(hex, 16);
    if (event["event"] === "start") running.add(pid);
    if (event["event"] === "atexit") running.delete(pid);
  }
  return running;
}

/** The last line may be half written. */
function parseEvent(line: string): Record<string, JsonValue> {
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
