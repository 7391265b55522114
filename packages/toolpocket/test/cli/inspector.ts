/** The official inspector's command line, as a client that is not ours. */
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

export interface InspectorRun {
  readonly exitCode: number;
  /** The result that it prints; undefined where it prints none. */
  readonly result: unknown;
  readonly stderr: string;
}

/** @param target the command of a server with its arguments, or the URL of one */
export async function inspect(
  target: readonly string[],
  args: readonly string[],
  { home }: { home: string },
): Promise<InspectorRun> {
  const { CI: _ci, ...environment } = process.env;
  const folder = dirname(createRequire(import.meta.url).resolve("@modelcontextprotocol/inspector/package.json"));
  const program = join(folder, "clients", "launcher", "build", "index.js");
  const forwarded = target.length > 1 ? ["-e", `POCKET_HOME=${home}`] : [];
  const { code, stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [program, "--cli", ...forwarded, ...target, ...args],
    { env: { ...environment, POCKET_HOME: home }, timeout: 90_000 },
  ).then(
    (streams) => ({ code: 0, ...streams }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  return { exitCode: code, result: stdout.trim().startsWith("{") ? JSON.parse(stdout) : undefined, stderr };
}
