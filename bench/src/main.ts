/** `npm run bench`: every figure beside what it is to be compared with, measured in one run. */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
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
  const start = performance.now();
  try {
    const measured = await section.measure(run);
    report(`${section.title}: ${Math.round((performance.now() - start) / 1_000)} s`);
    return measured;
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
}
