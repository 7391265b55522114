/** Runs a program of this machine for its answer. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const TIMEOUT_MS = 15_000;

export interface ProgramUser {
  readonly uid: number;
  readonly gid: number;
}

/** Its standard output; undefined when the program is missing or fails. */
export async function runProgram(
  path: string,
  args: readonly string[],
  user: ProgramUser | undefined = undefined,
): Promise<string | undefined> {
  try {
    // In a folder that every user may enter.
    const { stdout } = await promisify(execFile)(path, args, { timeout: TIMEOUT_MS, cwd: "/", ...user });
    return stdout.trim();
  } catch {
    return undefined;
  }
}
