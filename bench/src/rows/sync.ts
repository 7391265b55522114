/** `lock sync` of many tools in many repositories beside a shallow clone for each tool, and `load()` of an unchanged lock. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { fromGit, Pocket, syncLock } from "toolpocket";
import { startGitServer } from "@toolpocket/test-kit";
import { compareRow, median, type Row, time } from "../row.ts";

const run = promisify(execFile);

const REPOSITORIES = 10;
const TOOLS_EACH = 5;

export async function measureSync(rounds: number): Promise<Row[]> {
  await using server = await startGitServer();
  const places: { url: string; path: string }[] = [];
  for (let index = 0; index < REPOSITORIES; index += 1) {
    const repository = await server.repository(`tools-${index}`);
    const paths = Array.from({ length: TOOLS_EACH }, (_, tool) => `tool-${index}-${tool}`);
    await repository.commit(Object.fromEntries(paths.flatMap((path) => Object.entries(renderTool(path)))));
    places.push(...paths.map((path) => ({ url: repository.url, path })));
  }
  const synced: number[] = [];
  const cloned: number[] = [];
  const loaded: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const folder = await mkdtemp(join(tmpdir(), "pocket-bench-"));
    const before = process.env["POCKET_HOME"];
    process.env["POCKET_HOME"] = join(folder, "store");
    const options = { cwd: folder, tools: places.map(({ url, path }) => fromGit(url, { path })), frozen: false };
    synced.push(await time(() => syncLock(options)));
    loaded.push(await time(() => new Pocket({ ...options, offline: true }).load()));
    cloned.push(
      await time(async () => {
        for (const { url, path } of places)
          await run("git", ["clone", "--quiet", "--depth", "1", url, join(folder, path)]);
      }),
    );
    if (before === undefined) delete process.env["POCKET_HOME"];
    else process.env["POCKET_HOME"] = before;
    await rm(folder, { recursive: true, force: true });
  }
  const tools = REPOSITORIES * TOOLS_EACH;
  const load = median(loaded);
  return [
    compareRow(
      {
        id: "sync-50",
        what: `lock sync of ${tools} tools in ${REPOSITORIES} repositories`,
        value: median(synced),
        floorOrPeer: median(cloned),
        unit: "ms",
        beside: "`git clone --depth 1` of each tool in turn",
      },
      { atMost: 1 / 4 },
    ),
    {
      id: "load-50",
      what: `load() of ${tools} tools, unchanged lock, warm store`,
      value: load,
      floorOrPeer: null,
      unit: "ms",
      beside: "",
      ratio: null,
      goal: "≤ 50 ms",
      pass: load <= 50,
    },
  ];
}

function renderTool(path: string): Record<string, string> {
  return {
    [`${path}/config.toml`]: `name = "${path}"\ndescription = "Says its name."\nlanguage = "python"\nentrypoint = "main.py"\n`,
    [`${path}/schema.json`]: '{"type": "object", "properties": {"city": {"type": "string"}}}\n',
    [`${path}/README.md`]: `# ${path}\n`,
    [`${path}/main.py`]: `print("${path}")\n`,
  };
}
