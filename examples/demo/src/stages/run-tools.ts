/** Runs a Python and a node tool in Chromium: the first call, and warm ones. */
import { strict as assert } from "node:assert";
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject, Pocket } from "toolpocket";
import { expectOutput } from "../expect-output.ts";
import type { Report, Timed } from "../report.ts";

export interface RunFigures {
  readonly firstPythonMs: number;
  readonly firstNodeMs: number;
  /** Median of the warm calls. */
  readonly warmMs: number;
}

const WARM_CALLS = 7;
/** Between two warm calls, as a model thinks: the next instance gets ready meanwhile. */
const PAUSE_MS = 500;
const CITY = { city: "Seoul", month: 7 };

export async function runTools(report: Report, pocket: Pocket): Promise<RunFigures> {
  report.stage("Run", "in headless Chromium, one sandbox a tool, a fresh instance for each call");
  const call = (name: string, input: JsonObject): Promise<Timed<string>> =>
    report.step(
      name,
      async () => expectOutput(await pocket.invoke(name, input)),
      (output) => `${JSON.stringify(input)} → ${output}`,
    );

  const python = await call("climate", CITY);
  assert.equal(JSON.parse(python.value).average, 25);
  const node = await call("slugify", { text: "Été à Séoul" });
  assert.equal(node.value, "ete-a-seoul");
  const { value: warmMs } = await report.step(
    "climate, warm",
    () => timeWarmCalls(pocket),
    (median) => `${WARM_CALLS} more calls with pauses: ${median.toFixed(1)} ms each in the median`,
  );
  return { firstPythonMs: python.ms, firstNodeMs: node.ms, warmMs };
}

async function timeWarmCalls(pocket: Pocket): Promise<number> {
  const times: number[] = [];
  for (let call = 0; call < WARM_CALLS; call += 1) {
    await sleep(PAUSE_MS);
    const started = performance.now();
    expectOutput(await pocket.invoke("climate", CITY));
    times.push(performance.now() - started);
  }
  return times.toSorted((a, b) => a - b)[(WARM_CALLS - 1) / 2] ?? Number.NaN;
}
