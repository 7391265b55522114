/** Calls a second with a fresh instance for each, sustained, and what a call takes when many come at once. */
import { availableParallelism } from "node:os";
import type { Pocket } from "toolpocket";
import { timeProgram } from "../peers/run-peer.ts";
import { compareRow, figureRow, type Row } from "../row.ts";
import { median, time } from "../samples.ts";
import type { BenchRun, Section } from "../section.ts";
import { call } from "../warm-call.ts";

const RUNTIMES = ["python", "node", "wasm"] as const;
const CONCURRENCIES = [1, 2, 4, 16] as const;

export const throughput: Section = {
  id: "throughput",
  title: "throughput",
  rows: [
    ...RUNTIMES.flatMap((runtime) => CONCURRENCIES.map((concurrency) => `throughput-${runtime}-${concurrency}`)),
    ...RUNTIMES.map((runtime) => `latency-${runtime}`),
    "throughput-python",
  ],
  async measure(run) {
    const rows: Row[] = [];
    const latencies: Row[] = [];
    let pythonRate = 0;
    for (const runtime of RUNTIMES) {
      run.report(`throughput of ${runtime}`);
      const tool = `echo-${runtime}`;
      await using pocket = run.folder.openPocket([tool]);
      await call(pocket, tool);
      const loads = [];
      for (const concurrency of CONCURRENCIES) loads.push(await load(pocket, { tool, concurrency, ...sizeOf(run) }));
      const [alone] = loads;
      const busiest = loads.at(-1);
      if (alone === undefined || busiest === undefined) continue;
      for (const { concurrency, rate } of loads) rows.push(rateRow(runtime, concurrency, rate, alone.rate));
      latencies.push(
        compareRow({
          id: `latency-${runtime}`,
          what: `a ${runtime} call when ${busiest.concurrency} come at a time`,
          ours: busiest.taken,
          floorOrPeer: alone.taken,
          unit: "ms",
          beside: "when the next comes after the one before",
        }),
      );
      if (runtime === "python") pythonRate = Math.max(...loads.map(({ rate }) => rate));
    }
    run.report("throughput of Pyodide booted for each call");
    return [...rows, ...latencies, await comparePyodide(pythonRate, run)];
  },
};

function sizeOf({ count }: BenchRun): { readonly durationMs: number } {
  return { durationMs: count(8_000, 1_000) };
}

interface Load {
  readonly concurrency: number;
  /** Calls a second. */
  readonly rate: number;
  /** Milliseconds of each call. */
  readonly taken: readonly number[];
}

async function load(
  pocket: Pocket,
  { tool, concurrency, durationMs }: { tool: string; concurrency: number; durationMs: number },
): Promise<Load> {
  const taken: number[] = [];
  const start = performance.now();
  const work = async (): Promise<void> => {
    while (performance.now() - start < durationMs) taken.push(await time(() => call(pocket, tool)));
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return { concurrency, taken, rate: taken.length / ((performance.now() - start) / 1_000) };
}

function rateRow(runtime: string, concurrency: number, ours: number, alone: number): Row {
  const row = {
    id: `throughput-${runtime}-${concurrency}`,
    what: `${runtime} calls a second, ${concurrency} at a time`,
    ours,
    unit: "calls/s",
  } as const;
  return concurrency === 1 ? figureRow(row) : compareRow({ ...row, floorOrPeer: alone, beside: "1 at a time" });
}

/** As many processes at a time as there are cores: more would only wait for each other. */
async function comparePyodide(ours: number, { count }: BenchRun): Promise<Row> {
  const cores = availableParallelism();
  const boots: number[] = [];
  for (let round = 0; round < count(4, 1); round += 1) {
    boots.push(await time(() => Promise.all(Array.from({ length: cores }, () => timeProgram("pyodide-in-node.ts")))));
  }
  return compareRow(
    {
      id: "throughput-python",
      what: "python calls a second, sustained",
      ours,
      floorOrPeer: cores / (median(boots) / 1_000),
      unit: "calls/s",
      beside: `Pyodide booted in Node for each call, ${cores} at a time`,
    },
    { atLeast: 10 },
  );
}
