import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FuelGauge, fillFuel, meterModule } from "../src/index.ts";
import { isValid } from "./engine.ts";
import { makeRandomModule, traceModule } from "./random-modules.ts";

const FUEL = 300_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wasm-metering-"));
});
afterAll(() => rm(folder, { recursive: true }));

// POCKET_FUZZ_SEEDS makes it run longer.
const seeds = Array.from({ length: Number(process.env["POCKET_FUZZ_SEEDS"] ?? 6) }, (_, index) => index + 1);

test.each(seeds)(
  "meterModule() keeps what random module %i does, and what it uses",
  (seed) => {
    const plain = makeRandomModule(seed, folder);
    const metered = meterModule(plain, { maxMemoryBytes: 2 ** 32, maxTableElements: 2 ** 32 });
    expect(isValid(metered.bytes)).toBe(isValid(plain));

    const gauges: FuelGauge[] = [];
    const traces = [1, 2].map(() =>
      traceModule(metered.bytes, (exports) => void fillFuel(exports, FUEL, (gauge) => gauges.push(gauge))),
    );
    expect(gauges[0]?.consumed()).toEqual(gauges[1]?.consumed());
    expect(traces[0]).toEqual(traces[1]);
    // A module that would go on forever is only known to have been stopped.
    if (gauges[0]?.isExhausted() === true) return;
    expect(traces[0]).toEqual(traceModule(plain, () => {}));
    // What is counted is what is needed, but for loops that trap themselves, which report less than they used.
    if (traces[0]?.some((line) => line.includes("RuntimeError")) === true) return;
    const used = gauges[0]?.consumed() ?? 0n;
    expect(isExhaustedWith(metered.bytes, used)).toBe(false);
    expect(used === 0n || isExhaustedWith(metered.bytes, used - 1n)).toBe(true);
  },
  60_000,
);

function isExhaustedWith(bytes: Uint8Array<ArrayBuffer>, fuel: bigint): boolean {
  const gauges: FuelGauge[] = [];
  traceModule(bytes, (exports) => void fillFuel(exports, fuel, (gauge) => gauges.push(gauge)));
  return gauges.some((gauge) => gauge.isExhausted());
}
