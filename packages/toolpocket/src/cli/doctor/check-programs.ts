/** Checks Node and git. */
import { type Check, failed, passed } from "./check.ts";
import { runProgram } from "./run-program.ts";

const OLDEST_NODE = [22, 18] as const;
/** The first git whose configuration can be fixed from outside (`GIT_CONFIG_GLOBAL`). */
const OLDEST_GIT = [2, 32] as const;

export function checkNode(version = process.versions.node): Check {
  return isAtLeast(version, OLDEST_NODE)
    ? passed("node", version)
    : failed("node", `${version} is too old`, `install Node ${OLDEST_NODE.join(".")} or newer`);
}

export async function checkGit(): Promise<Check> {
  const remedy = `install git ${OLDEST_GIT.join(".")} or newer`;
  const version = (await runProgram("git", ["--version"]))?.replace(/^git version /u, "");
  if (version === undefined) return failed("git", "is not installed, or not on the PATH", remedy);
  return isAtLeast(version, OLDEST_GIT) ? passed("git", version) : failed("git", `${version} is too old`, remedy);
}

function isAtLeast(version: string, [wantedMajor, wantedMinor]: readonly [number, number]): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
