/** The folder in which the benchmark works: its tools, with a store that nobody else uses. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { assembleWat } from "@toolpocket/test-kit/assemble-wat";
import { fromLocal, Pocket, type ToolRequestOptions } from "toolpocket";

const TOOLS = fileURLToPath(new URL("../tools/", import.meta.url));

export interface BenchFolder extends AsyncDisposable {
  readonly path: string;
  /** A Pocket of local tools; a name such as "echo-python#2" is a copy of the tool under a name of its own. */
  openPocket(names: readonly string[], options?: ToolRequestOptions): Pocket;
  /** The module of a wasm tool. */
  readModule(tool: string): Promise<Uint8Array<ArrayBuffer>>;
}

export async function createBenchFolder(): Promise<BenchFolder> {
  const path = await mkdtemp(join(tmpdir(), "pocket-bench-"));
  const before = process.env["POCKET_HOME"];
  process.env["POCKET_HOME"] = join(path, "store");
  await cp(TOOLS, path, { recursive: true });
  for (const entry of await readdir(path, { recursive: true })) {
    if (!entry.endsWith(".wat")) continue;
    const module = await assembleWat(await readFile(join(path, entry), "utf8"), entry);
    await writeFile(join(path, entry.replace(/\.wat$/u, ".wasm")), module);
  }
  return {
    path,
    openPocket: (names, options = {}) =>
      new Pocket({
        cwd: path,
        frozen: false,
        lockfile: `${names.join("-")}.lock`,
        tools: names.map((name) => {
          const [tool = name] = name.split("#");
          return fromLocal(tool, { ...options, name: name.replace("#", "-") });
        }),
      }),
    readModule: async (tool) => new Uint8Array(await readFile(join(path, tool, "tool.wasm"))),
    async [Symbol.asyncDispose]() {
      if (before === undefined) delete process.env["POCKET_HOME"];
      else process.env["POCKET_HOME"] = before;
      await rm(path, { recursive: true, force: true });
    },
  };
}
