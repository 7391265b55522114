/** `lock sync` beside a shallow clone for each tool, what one changed tool costs, and `load()` of an unchanged lock. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type GitRepository, type GitServer, startGitServer } from "@toolpocket/test-kit";
import { syncLock, updateLock } from "toolpocket";
import { readFigure } from "../peers/run-peer.ts";
import { compareRow, figureRow, type Row } from "../row.ts";
import { interleave, time } from "../samples.ts";
import type { BenchRun, Section } from "../section.ts";

const run = promisify(execFile);

export const sync: Section = {
  id: "sync",
  title: "lock sync and load",
  rows: ["sync-50", "sync-500", "sync-one-changed", "load-50"],
  async measure(bench) {
    await using server = await startGitServer();
    const few = await publish(server, { repositories: 10, toolsEach: 5, prefix: "few" });
    bench.report("lock sync of 50 tools");
    const rows = [await compareSync("sync-50", few, bench.count(5, 1))];
    if (!bench.quick) {
      bench.report("lock sync of 500 tools");
      const many = await publish(server, { repositories: 50, toolsEach: 10, prefix: "many" });
      rows.push(await compareSync("sync-500", many, 1));
    }
    return [...rows, ...(await measureUnchanged(server, few, bench))];
  },
};

interface PublishedTool {
  readonly name: string;
  readonly repository: GitRepository;
}

/** Repositories with tools of a few files each. */
async function publish(
  server: GitServer,
  { repositories, toolsEach, prefix }: { repositories: number; toolsEach: number; prefix: string },
): Promise<PublishedTool[]> {
  const tools: PublishedTool[] = [];
  for (let index = 0; index < repositories; index += 1) {
    const repository = await server.repository(`${prefix}-${index}`);
    const names = Array.from({ length: toolsEach }, (_, tool) => `${prefix}-${index}-${tool}`);
    await repository.commit(Object.assign({}, ...names.map((name) => renderTool(name))));
    tools.push(...names.map((name) => ({ name, repository })));
  }
  return tools;
}

async function compareSync(id: string, tools: readonly PublishedTool[], rounds: number): Promise<Row> {
  const [synced = [], cloned = []] = await interleave(
    [() => inFreshProject(tools, ({ cwd }) => time(() => syncLock({ cwd, frozen: false }))), () => cloneAll(tools)],
    { rounds, warmUp: 0 },
  );
  const repositories = new Set(tools.map(({ repository }) => repository)).size;
  return compareRow(
    {
      id,
      what: `lock sync of ${tools.length} tools in ${repositories} repositories`,
      ours: synced,
      floorOrPeer: cloned,
      unit: "ms",
      beside: "`git clone --depth 1` of each tool in turn",
    },
    { atMost: 1 / 4 },
  );
}

async function cloneAll(tools: readonly PublishedTool[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "pocket-clones-"));
  try {
    return await time(async () => {
      for (const { name, repository } of tools)
        await run("git", ["clone", "--quiet", "--depth", "1", repository.url, join(folder, name)]);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is left to do when all is locked and in the store. */
async function measureUnchanged(
  server: GitServer,
  tools: readonly PublishedTool[],
  { count }: BenchRun,
): Promise<Row[]> {
  return inFreshProject(tools, async ({ cwd, environment }) => {
    await syncLock({ cwd, frozen: false });
    const [loaded = []] = await interleave([() => readFigure("load-tools.ts", { cwd, env: environment })], {
      rounds: count(15, 5),
    });
    const [changed] = tools;
    const files = tools
      .filter(({ repository }) => repository === changed?.repository)
      .map(({ name }) => renderTool(name));
    await changed?.repository.commit(
      Object.assign({}, ...files, { [`${changed.name}/main.py`]: 'print("changed")\n' }),
    );
    server.forgetRequests();
    const changes = await updateLock({ cwd, frozen: false });
    if (!changes.some(({ tool }) => tool === changed?.name)) throw new Error("the changed tool did not move");
    const fetched = new Set(
      server.requests.flatMap(({ command, repository }) => (command === "fetch" ? [repository] : [])),
    );
    return [
      figureRow(
        {
          id: "sync-one-changed",
          what: `repositories that lock update fetches from when one of ${tools.length} tools has changed`,
          ours: fetched.size,
          unit: "fetched",
        },
        { atMost: 1 },
      ),
      figureRow(
        {
          id: "load-50",
          what: `load() of ${tools.length} tools, unchanged lock, warm store`,
          ours: loaded,
          unit: "ms",
        },
        { atMost: 50 },
      ),
    ];
  });
}

/** Does `work` in a folder whose settings name the tools, with an empty store. */
async function inFreshProject<Result>(
  tools: readonly PublishedTool[],
  work: (project: { cwd: string; environment: NodeJS.ProcessEnv }) => Promise<Result>,
): Promise<Result> {
  const cwd = await mkdtemp(join(tmpdir(), "pocket-sync-"));
  const before = process.env["POCKET_HOME"];
  process.env["POCKET_HOME"] = join(cwd, "store");
  await mkdir(join(cwd, "store"));
  const tables = tools.map(({ name, repository }) => `[tools.${name}]\ngit = "${repository.url}"\npath = "${name}"\n`);
  await writeFile(join(cwd, "settings.toml"), tables.join("\n"));
  try {
    return await work({ cwd, environment: { ...process.env } });
  } finally {
    if (before === undefined) delete process.env["POCKET_HOME"];
    else process.env["POCKET_HOME"] = before;
    await rm(cwd, { recursive: true, force: true });
  }
}

function renderTool(name: string): Record<string, string> {
  return {
    [`${name}/config.toml`]: `name = "${name}"\ndescription = "Says its name."\nlanguage = "python"\nentrypoint = "main.py"\n`,
    [`${name}/schema.json`]: '{"type": "object", "properties": {"city": {"type": "string"}}}\n',
    [`${name}/README.md`]: `# ${name}\n`,
    [`${name}/main.py`]: `print("${name}")\n`,
  };
}
