/** A project in a temporary folder with a store of its own, and the real command `pocket` run in it as a child process. */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

export interface CommandRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface PocketOptions {
  /** What is piped in; undefined leaves standard input empty. */
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Given the process's id; when it resolves, the process gets a SIGINT, as Ctrl-C sends it. */
  readonly interruptWhen?: (pid: number) => Promise<void>;
}

export interface Project {
  readonly folder: string;
  /** POCKET_HOME. */
  readonly store: string;
  pocket(args: readonly string[], options?: PocketOptions): Promise<CommandRun>;
  /** The one JSON value on standard output. */
  json(args: readonly string[], options?: PocketOptions): Promise<unknown>;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** undefined when there is no such file. */
  read(path: string): Promise<string | undefined>;
  remove(): Promise<void>;
}

/** @param store of another project, to share what it has fetched or made */
export async function createProject(store?: string): Promise<Project> {
  const root = await mkdtemp(join(tmpdir(), "pocket-cli-"));
  const folder = join(root, "project");
  const home = store ?? join(root, "store");
  await mkdir(folder);
  const pocket: Project["pocket"] = (args, options) => runPocket(args, { folder, home, ...options });
  return {
    folder,
    store: home,
    pocket,
    async json(args, options) {
      return JSON.parse((await pocket([...args, "--json"], options)).stdout);
    },
    async write(files) {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text);
      }
    },
    async read(path) {
      return readFile(join(folder, path), "utf8").catch(() => undefined);
    },
    async remove() {
      await rm(root, { recursive: true, force: true });
    },
  };
}

interface RunPlace extends PocketOptions {
  readonly folder: string;
  readonly home: string;
}

function runPocket(
  args: readonly string[],
  { folder, home, input, environment, interruptWhen }: RunPlace,
): Promise<CommandRun> {
  const { CI: _ci, ...inherited } = process.env;
  const child = spawn(process.execPath, ["--conditions=toolpocket-source", MAIN, ...args], {
    cwd: folder,
    env: { ...inherited, POCKET_HOME: home, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  void interruptWhen?.(child.pid ?? 0).then(() => child.kill("SIGINT"));
  child.stdin.on("error", () => undefined);
  child.stdin.end(input ?? "");
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, stdout: stdout(), stderr: stderr() }));
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
}
