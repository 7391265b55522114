/** What counting fuel costs a module that computes: the same loops metered and as they were, in turns. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { assembleWat } from "@toolpocket/test-kit/assemble-wat";
import { fillFuel, meterModule, UNLIMITED_FUEL } from "@toolpocket/wasm-metering";
import { engine, type EngineInstance } from "../engine.ts";
import { compareRow, type Row } from "../row.ts";
import { interleave } from "../samples.ts";
import type { Section } from "../section.ts";

const KERNELS = {
  arithmetic: "a hash, two million steps",
  memory: "a sieve through one megabyte",
  calls: "a function that does nothing but call itself, 800,000 times",
} as const;
const MAX_MEMORY_BYTES = 16_777_216;

export const metering: Section = {
  id: "metering",
  title: "metering",
  rows: Object.keys(KERNELS).map((kernel) => `metering-${kernel}`),
  measure: ({ count }) =>
    Promise.all(Object.entries(KERNELS).map(([kernel, what]) => measureKernel(kernel, what, count(30, 10)))),
};

async function measureKernel(kernel: string, what: string, rounds: number): Promise<Row> {
  const file = fileURLToPath(new URL(`../../kernels/${kernel}.wat`, import.meta.url));
  const bytes = new Uint8Array(await assembleWat(await readFile(file, "utf8"), file));
  const metered = instantiate(meterModule(bytes, { maxMemoryBytes: MAX_MEMORY_BYTES }).bytes);
  const plain = instantiate(bytes);
  const results = new Set<unknown>();
  const timeRun = async ({ exports }: EngineInstance): Promise<number> => {
    const start = performance.now();
    results.add((exports["run"] as () => number)());
    return performance.now() - start;
  };
  const [without = [], withFuel = []] = await interleave(
    [
      () => timeRun(plain),
      () => {
        fillFuel(metered.exports, UNLIMITED_FUEL);
        return timeRun(metered);
      },
    ],
    // V8 compiles once more what turned out to be hot.
    { rounds, warmUp: 5 },
  );
  if (results.size !== 1) throw new Error(`metering changed the result of ${kernel}`);
  return compareRow(
    {
      id: `metering-${kernel}`,
      what: `a metered module: ${what}`,
      ours: withFuel,
      floorOrPeer: without,
      unit: "ms",
      beside: "the module as it was",
    },
    { atMost: 1.5 },
  );
}

function instantiate(bytes: Uint8Array<ArrayBuffer>): EngineInstance {
  return new engine.Instance(new engine.Module(bytes));
}
