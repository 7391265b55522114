/** What the host and sandboxes take of the machine's memory, as the operating system counts it. */
import { setTimeout as sleep } from "node:timers/promises";
import { readBrowserMemory } from "../processes.ts";
import { readFigure } from "../peers/run-peer.ts";
import { figureRow, type Row } from "../row.ts";
import type { BenchRun, Section } from "../section.ts";
import { call } from "../warm-call.ts";

/** Time in which a sandbox comes to rest after its call. */
const REST_MS = 2_000;

export const memory: Section = {
  id: "memory",
  title: "memory",
  rows: ["memory-host", "memory-first", "memory-python", "memory-node", "memory-wasm", "memory-ten"],
  async measure(run) {
    const { folder, count, report } = run;
    const before = await readBrowserMemory();
    const host: number[] = [];
    for (let round = 0; round < count(3, 1); round += 1)
      host.push(await readFigure("host-memory.mjs", { cwd: folder.path }));
    const wasm = await measureSandboxes(run, "wasm", count(2, 1));
    const node = await measureSandboxes(run, "node", count(2, 1));
    const names = Array.from({ length: count(10, 2) }, (_, index) => `echo-python#${index + 1}`);
    await using pocket = folder.openPocket(names);
    const browser: number[] = [];
    for (const name of names) {
      report(`memory with ${browser.length + 1} of ${names.length} sandboxes`);
      await call(pocket, name.replace("#", "-"));
      await sleep(REST_MS);
      browser.push((await readBrowserMemory()) - before);
    }
    const [first = Number.NaN] = browser;
    return [
      megabytes("memory-host", "memory of a host's process after ten calls of a python tool", host),
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
    browser.push(await readBrowserMemory());
  }
  return differences(browser);
}

function differences(values: readonly number[]): number[] {
  return values.slice(1).map((value, index) => value - (values[index] ?? Number.NaN));
}

function megabytes(id: string, what: string, ours: number | readonly number[]): Row {
  return figureRow({ id, what, ours, unit: "MB" });
}
