/** Runs a peer as a process of its own, from its start to its end, as a program that needs it for each call would. */
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { time } from "../samples.ts";

const run = promisify(execFile);

export interface Peer {
  readonly id: string;
  /** What it is, as the table says it. */
  readonly what: string;
  /** Milliseconds of one call; rejects where the peer is not here. */
  call(): Promise<number>;
}

const PYTHON_SCRIPT = "import sys, json\nprint(json.load(sys.stdin)['city'])";

/** The ways to run a Python tool for one call, each with nothing left over from the call before. */
export const PYTHON_PEERS: readonly Peer[] = [
  { id: "pyodide", what: "Pyodide booted in Node for each call", call: () => timeProgram("pyodide-in-node.ts") },
  { id: "deno", what: "Pyodide booted in Deno for each call, as langchain-sandbox does", call: callDeno },
  {
    id: "cold-page",
    what: "a cold page that boots Pyodide, as Hyperpocket does",
    call: () => timeProgram("cold-page.mjs"),
  },
  { id: "python3", what: "a child process of python3, without any sandbox", call: callPython },
];

/** Milliseconds of a program in this folder, from the start of its process to its end, run from the built packages. */
export function timeProgram(name: string, options: { readonly cwd?: string } = {}): Promise<number> {
  return time(() => run(process.execPath, ["--disable-warning=ExperimentalWarning", place(name)], options));
}

/** Milliseconds from the start of its process until a program in this folder prints something. */
export async function timeFirstOutput(name: string, options: { readonly cwd?: string } = {}): Promise<number> {
  const start = performance.now();
  const running = run(process.execPath, [place(name)], options);
  let taken = Number.NaN;
  running.child.stdout?.once("data", () => (taken = performance.now() - start));
  await running;
  return taken;
}

/** The figure that a program in this folder prints as `{ "figure": … }`. */
export async function readFigure(
  name: string,
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<number> {
  const { stdout } = await run(process.execPath, [place(name)], options);
  const { figure }: { figure: number } = JSON.parse(stdout);
  return figure;
}

/** Whether the peer can run here; what is missing, where it cannot. */
export async function findFault(peer: Peer): Promise<string | undefined> {
  try {
    await peer.call();
    return undefined;
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n", 1);
    return reason;
  }
}

async function callDeno(): Promise<number> {
  const args = ["run", "--quiet", "--no-prompt", "--allow-read", "--allow-env", place("pyodide-in-deno.mjs")];
  const deno = findDeno();
  return time(() => run(deno, args));
}

/** The program itself: the package's script would start a node first. */
function findDeno(): string {
  const require = createRequire(createRequire(import.meta.url).resolve("deno/package.json"));
  const { platform, arch } = process;
  const name = `@deno/${platform}-${arch}${platform === "linux" ? "-glibc" : ""}/package.json`;
  return join(dirname(require.resolve(name)), platform === "win32" ? "deno.exe" : "deno");
}

async function callPython(): Promise<number> {
  return time(async () => {
    const running = run("python3", ["-c", PYTHON_SCRIPT]);
    running.child.stdin?.end('{"city": "Seoul"}');
    await running;
  });
}

function place(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
