/** What host, sandboxes and idleness take of the machine, as the operating system counts it. */
import { setTimeout as sleep } from "node:timers/promises";
import { readMemory, readProcessorMs } from "../processes.ts";
import { figureRow, type Row } from "../row.ts";
import type { BenchRun, Section } from "../section.ts";
import { call } from "../warm-call.ts";

/** Time in which a sandbox comes to rest after its call. */
const REST_MS = 2_000;
/**
 * The same for idleness: Chromium tidies each renderer up twice, some twenty and sixty seconds after its last call, for 70 and
 * 20 ms of a core.
 */
const LONG_REST_MS = 80_000;

export const memory: Section = {
  id: "memory",
  title: "memory and idleness",
  rows: ["memory-host", "memory-first", "memory-python", "memory-node", "memory-wasm", "memory-ten", "idle-cpu"],
  async measure(run) {
    const { folder, count, report } = run;
    const before = await readMemory();
    const wasm = await measureSandboxes(run, "wasm", count(2, 1));
    const node = await measureSandboxes(run, "node", count(2, 1));
    const names = Array.from({ length: count(10, 2) }, (_, index) => `echo-python#${index + 1}`);
    await using pocket = folder.openPocket(names);
    const browser: number[] = [];
    for (const name of names) {
      report(`memory with ${browser.length + 1} of ${names.length} sandboxes`);
      await call(pocket, name.replace("#", "-"));
      await sleep(REST_MS);
      browser.push((await readMemory()).browser - before.browser);
    }
    const { host } = await readMemory();
    const [first = Number.NaN] = browser;
    return [
      megabytes("memory-host", "memory of the host's process", host),
      megabytes("memory-first", "memory of the browser with one python sandbox and the spare one", first),
      megabytes(
        "memory-python",
        "memory of one more idle python sandbox, with its ready instance",
        differences(browser),
      ),
      megabytes("memory-node", "the same for node", node),
      megabytes("memory-wasm", "the same for wasm", wasm),
      megabytes(
        "memory-ten",
        `memory of the browser with ${names.length} python sandboxes`,
        browser.at(-1) ?? Number.NaN,
      ),
      await measureIdle(run),
    ];
  },
};

/** Megabytes of each further sandbox of a runtime. */
async function measureSandboxes({ folder }: BenchRun, runtime: string, more: number): Promise<number[]> {
  const names = Array.from({ length: more + 1 }, (_, index) => `echo-${runtime}#${index + 1}`);
  await using pocket = folder.openPocket(names);
  const browser: number[] = [];
  for (const name of names) {
    await call(pocket, name.replace("#", "-"));
    await sleep(REST_MS);
    browser.push((await readMemory()).browser);
  }
  return differences(browser);
}

/** Processor time while nothing is asked, of the host and all that it has started. */
async function measureIdle({ count, report }: BenchRun): Promise<Row> {
  const idleMs = count(20_000, 5_000);
  report(`idleness, for ${idleMs / 1_000} s`);
  await sleep(count(LONG_REST_MS, REST_MS));
  const before = await readProcessorMs();
  await sleep(idleMs);
  return figureRow(
    {
      id: "idle-cpu",
      what: "processor time while nothing is asked, of one core",
      ours: (100 * ((await readProcessorMs()) - before)) / idleMs,
      unit: "%",
    },
    { atMost: 1 },
  );
}

function differences(values: readonly number[]): number[] {
  return values.slice(1).map((value, index) => value - (values[index] ?? Number.NaN));
}

function megabytes(id: string, what: string, ours: number | readonly number[]): Row {
  return figureRow({ id, what, ours, unit: "MB" });
}
