/** Runs a test program in the real Node, in a folder of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, open, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import type { NodeTestProgram } from "./programs/node-test-program.ts";

export interface NodeRun {
  readonly exitCode: number | null;
  /** Bytes as latin1 text, with the program's folder as /tool. */
  readonly stdout: string;
  readonly stderr: string;
}

/** The program's files with those of its packages. */
export async function toFiles(program: NodeTestProgram): Promise<Map<string, Uint8Array>> {
  const encoder = new TextEncoder();
  const files = new Map(Object.entries(program.files).map(([path, text]) => [path, encoder.encode(text)]));
  for (const name of program.packages ?? []) {
    const folder = await findPackage(name);
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || !/\.(?:[cm]?js|json)$/u.test(path) || relative(folder, path).includes("node_modules"))
        continue;
      files.set(`node_modules/${name}/${relative(folder, path)}`, await readFile(path));
    }
  }
  return files;
}

export async function runInNode(program: NodeTestProgram): Promise<NodeRun> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "toolpocket-node-")));
  try {
    for (const [path, content] of await toFiles(program)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    return await run(folder, program);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function run(folder: string, { files, args = [], input = {} }: NodeTestProgram): Promise<NodeRun> {
  const entry = join(folder, Object.keys(files)[0] ?? "");
  const streams = ["stdin", "stdout", "stderr"].map((name) => join(folder, "..", `${basename(folder)}.${name}`));
  const [stdin = "", stdout = "", stderr = ""] = streams;
  await writeFile(stdin, JSON.stringify(input));
  // Files, not pipes: /dev/stdin cannot be opened where it is one of the pipes that spawn() makes.
  const handles = [await open(stdin, "r"), await open(stdout, "a"), await open(stderr, "a")];
  try {
    const child = spawn(process.execPath, [entry, ...args], {
      cwd: folder,
      env: { POCKET_TEST: "value" },
      stdio: handles.map(({ fd }) => fd),
    });
    const [exitCode] = (await once(child, "close")) as [number | null];
    const readOutput = async (path: string): Promise<string> =>
      (await readFile(path, "latin1")).replaceAll(folder, "/tool");
    return { exitCode, stdout: await readOutput(stdout), stderr: await readOutput(stderr) };
  } finally {
    for (const handle of handles) await handle.close();
    for (const path of streams) await rm(path, { force: true });
  }
}

/** Folder of a package that some package of the workspace depends on. */
async function findPackage(name: string): Promise<string> {
  const store = new URL("../../../../node_modules/.pnpm/", import.meta.url);
  const found = (await readdir(store)).find((entry) => entry.startsWith(`${name.replace("/", "+")}@`));
  if (!found) throw new Error(`${name} is not installed`);
  const manifest = createRequire(import.meta.url).resolve(
    `${new URL(found, store).pathname}/node_modules/${name}/package.json`,
  );
  return dirname(manifest);
}
