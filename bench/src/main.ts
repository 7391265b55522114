/** `npm run bench`: every figure beside what it is to be compared with, measured in one run. */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
<<<<<<< HEAD
import { parseArgs } from "node:util";
import { fromFunction, fromLocal, Pocket } from "toolpocket";
import { renderTable } from "./render-table.ts";
import type { Row } from "./row.ts";
import { measureMcp } from "./rows/mcp.ts";
import { measureMemory } from "./rows/memory.ts";
import { measureNetwork } from "./rows/network.ts";
import { measureSessions } from "./rows/sessions.ts";
import { measureStart } from "./rows/start.ts";
import { measureSync } from "./rows/sync.ts";
import { measureThroughput } from "./rows/throughput.ts";
import { measureWarmCalls } from "./rows/warm-calls.ts";

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false }, json: { type: "string" } } });
const rounds = values.quick ? 10 : 40;
const startRounds = values.quick ? 2 : 5;

const folder = await mkdtemp(join(tmpdir(), "pocket-bench-"));
const previousHome = process.env["POCKET_HOME"];
process.env["POCKET_HOME"] = join(folder, "store");
try {
  const tools = fileURLToPath(new URL("../tools/", import.meta.url));
  await cp(tools, folder, { recursive: true });
  for (const copy of ["a", "b", "c"])
    await cp(join(tools, "echo-python"), join(folder, `copy-${copy}`), { recursive: true });

  const rows: Row[] = [];
  const measure = async (what: string, work: () => Promise<Row | Row[]>): Promise<void> => {
    process.stderr.write(`● ${what}…\n`);
    rows.push(...[await work()].flat());
  };
  {
    await using pocket = new Pocket({
      cwd: folder,
      tools: [fromLocal("echo-python"), fromLocal("echo-node")],
      frozen: false,
    });
    await measure("warm calls", () => measureWarmCalls(pocket, rounds));
    await measure("throughput", () => measureThroughput(pocket, values.quick ? 20 : 100));
  }
  await measure("start", () => measureStart(folder, startRounds));
  {
    const copies = ["copy-a", "copy-b", "copy-c"];
    await using pocket = new Pocket({
      cwd: folder,
      tools: copies.map((name) => fromLocal(name, { name })),
      frozen: false,
    });
    await measure("memory", () => measureMemory(pocket, copies));
  }
  {
    const inputSchema = { type: "object", properties: { n: { type: "integer" } } };
    const run = (input: unknown): unknown => input;
    const echo = fromFunction({ name: "echo", description: "Gives its input.", inputSchema, run });
    await using pocket = new Pocket({ cwd: folder, tools: [echo], frozen: false });
    await measure("sessions", () => measureSessions(pocket, rounds));
  }
  await measure("MCP", () => measureMcp(rounds));
  await measure("network", () => measureNetwork(rounds));
  await measure("sync", () => measureSync(values.quick ? 1 : 3));

  const machine = {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    node: process.version,
    git: execFileSync("git", ["--version"], { encoding: "utf8" }).trim(),
  };
  process.stdout.write(renderTable(rows));
  if (values.json !== undefined)
    await writeFile(resolve(values.json), `${JSON.stringify({ machine, rows }, null, 2)}\n`);
} finally {
  if (previousHome === undefined) delete process.env["POCKET_HOME"];
  else process.env["POCKET_HOME"] = previousHome;
  await rm(folder, { recursive: true, force: true });
=======
import { promisify } from "node:util";
import { createBenchFolder } from "./bench-folder.ts";
import { describeMachine } from "./machine.ts";
import { parseOptions, USAGE } from "./options.ts";
import { renderChart } from "./render-chart.ts";
import { renderTable } from "./render-table.ts";
import type { Row } from "./row.ts";
import { type BenchRun, type Section, SkippedSection } from "./section.ts";
import { SECTIONS } from "./sections.ts";

const { quick, sections, json, svg, help } = parseOptions(process.argv.slice(2), SECTIONS);
if (help) {
  process.stdout.write(USAGE);
  process.exit();
}

const report = (what: string): void => void process.stderr.write(`● ${what}\n`);
await buildPackages();
await using folder = await createBenchFolder();
const run: BenchRun = { folder, quick, report, count: (full, few) => (quick ? few : full) };
const rows: Row[] = [];
for (const section of sections) rows.push(...(await measure(section)));

const machine = describeMachine();
process.stdout.write(renderTable(rows, machine));
if (json !== undefined) await writeFile(json, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
if (svg !== undefined) await writeFile(svg, renderChart(rows, machine));

async function measure(section: Section): Promise<readonly Row[]> {
  report(section.title);
  try {
    return await section.measure(run);
  } catch (error) {
    if (!(error instanceof SkippedSection)) throw error;
    report(`${section.title}: skipped, ${error.message}`);
    return [];
  }
}

/** Processes that are measured from their start run what users install. */
async function buildPackages(): Promise<void> {
  report("building the packages");
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const compiler = fileURLToPath(import.meta.resolve("typescript/package.json")).replace("package.json", "bin/tsc");
  await promisify(execFile)(process.execPath, [compiler, "-b"], { cwd: root });
>>>>>>> 3ec444f (Complete the benchmark: every row of the design, peers that run here, spread, chart)
}
