/** What ten idle sandboxes take of the processor, with the host and the browser, as the operating system counts it. */
import { setTimeout as sleep } from "node:timers/promises";
import { readProcessorMs } from "../processes.ts";
import { figureRow } from "../row.ts";
import { type Section, SkippedSection } from "../section.ts";
import { call } from "../warm-call.ts";

const SANDBOXES = 10;
/** Chromium tidies each renderer up twice, some twenty and sixty seconds after its last call, for 70 and 20 ms of a core. */
const REST_MS = 80_000;
const MEASURED_MS = 20_000;

export const idleness: Section = {
  id: "idle",
  title: "idleness",
  rows: ["idle-cpu"],
  async measure({ folder, quick, report }) {
    if (quick) throw new SkippedSection(`${REST_MS / 1_000} s of rest are for the whole run`);
    const names = Array.from({ length: SANDBOXES }, (_, index) => `echo-python#${index + 1}`);
    await using pocket = folder.openPocket(names);
    for (const name of names) await call(pocket, name.replace("#", "-"));
    report(`idleness, for ${(REST_MS + MEASURED_MS) / 1_000} s`);
    await sleep(REST_MS);
    const before = await readProcessorMs();
    await sleep(MEASURED_MS);
    return [
      figureRow(
        {
          id: "idle-cpu",
          what: `processor time of ${SANDBOXES} python sandboxes while nothing is asked, of one core`,
          ours: (100 * ((await readProcessorMs()) - before)) / MEASURED_MS,
          unit: "%",
        },
        { atMost: 1 },
      ),
    ];
  },
};
