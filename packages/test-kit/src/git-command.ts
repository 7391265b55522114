/** Git as the server's side runs it: with no configuration but the repository's own. */
import { spawn } from "node:child_process";
import { devNull } from "node:os";

/** The variables of a git process that no user's configuration can change. */
export function gitServerEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.toUpperCase().startsWith("GIT_"));
  return { ...Object.fromEntries(own), GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: devNull, LC_ALL: "C" };
}

export interface RunGitOptions {
  /** Working folder. */
  readonly cwd: string;
  /** Standard input. */
  readonly input?: string | Uint8Array;
}

/** Runs git and returns what it wrote, without the last line break. Fails with what it wrote to standard error. */
export async function runGit(args: readonly string[], { cwd, input }: RunGitOptions): Promise<string> {
  const child = spawn("git", args, { cwd, env: gitServerEnvironment(), stdio: "pipe" });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  // A git that fails before it has read all of its input says so by its exit code.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code === 0) return Buffer.concat(stdout).toString("utf8").replace(/\n$/u, "");
  throw new Error(`git ${args.join(" ")} ended with ${String(code)}: ${Buffer.concat(stderr).toString("utf8")}`);
}
