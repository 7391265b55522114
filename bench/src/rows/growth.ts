/** What many calls leave behind, in the host and in the browser: the growth of their memory from first to last. */
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { readBrowserMemory } from "../processes.ts";
import { figureRow } from "../row.ts";
import { growth } from "../samples.ts";
import { type Section, SkippedSection } from "../section.ts";
import { call } from "../warm-call.ts";

const TOOL = "echo-wasm";
const CALLS = 10_000;
const READINGS = 10;
const AT_A_TIME = 4;
/** In which instances that have ended are collected: the browser does it when it likes, so the lowest reading counts. */
const RESTS = 4;
const REST_MS = 1_000;
const KILOBYTES = 1_024;

export const memoryGrowth: Section = {
  id: "growth",
  title: "memory over many calls",
  rows: ["growth-host", "growth-browser"],
  async measure({ folder, quick, report }) {
    // A few hundred calls move less than the collectors do: a short run would show nothing.
    if (quick) throw new SkippedSection(`${CALLS} calls are for the whole run`);
    await using pocket = folder.openPocket([TOOL]);
    const collect = openCollector();
    const readings: { host: number; browser: number }[] = [];
    // Caches fill and code is compiled during the first tenth, which does not count.
    for (let reading = 0; reading <= READINGS; reading += 1) {
      report(`${CALLS} calls, ${reading * 10} % done`);
      let left = CALLS / READINGS;
      const work = async (): Promise<void> => {
        while (left-- > 0) await call(pocket, TOOL);
      };
      await Promise.all(Array.from({ length: AT_A_TIME }, work));
      const browser = await readLowest(RESTS);
      collect();
      const { heapUsed, external } = process.memoryUsage();
      readings.push({ host: (heapUsed + external) / KILOBYTES, browser: browser * KILOBYTES });
    }
    const perCall = (of: "host" | "browser"): number => growth(readings.map((one) => one[of])) / CALLS;
    const what = `memory that each of ${CALLS} wasm calls leaves`;
    return [
      figureRow(
        { id: "growth-host", what: `${what} in the host`, ours: perCall("host"), unit: "KB/call" },
        { atMost: 0.5 },
      ),
      figureRow(
        { id: "growth-browser", what: `${what} in the browser`, ours: perCall("browser"), unit: "KB/call" },
        { atMost: 5 },
      ),
    ];
  },
};

/** The least that the browser holds in so many rests, in megabytes. */
async function readLowest(rests: number): Promise<number> {
  let lowest = Number.POSITIVE_INFINITY;
  for (let rest = 0; rest < rests; rest += 1) {
    await sleep(REST_MS);
    lowest = Math.min(lowest, await readBrowserMemory());
  }
  return lowest;
}

/** V8's own collector, which it gives to those who ask for it by a flag. */
function openCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
