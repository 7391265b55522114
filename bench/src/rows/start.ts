/** From the start of a process to its first Python result, with a warm store, beside a cold page that boots Pyodide, and an empty one. */
import { timeFirstOutput } from "../peers/run-peer.ts";
import { compareRow } from "../row.ts";
import { interleave } from "../samples.ts";
import type { Section } from "../section.ts";

export const start: Section = {
  id: "start",
  title: "start",
  rows: ["start-python", "start-floor"],
  async measure({ folder, count }) {
    const cwd = folder.path;
    // Makes the snapshot.
    await timeFirstOutput("first-result.mjs", { cwd });
    const [ours = [], cold = [], bare = []] = await interleave(
      ["first-result.mjs", "cold-page.mjs", "bare-browser.mjs"].map((peer) => () => timeFirstOutput(peer, { cwd })),
      { rounds: count(7, 2), warmUp: 0 },
    );
    return [
      compareRow(
        {
          id: "start-python",
          what: "process start to first python result, warm store",
          ours,
          floorOrPeer: cold,
          unit: "ms",
          beside: "a cold page that boots Pyodide, as Hyperpocket does",
        },
        { atMost: 1 / 3 },
      ),
      compareRow({
        id: "start-floor",
        what: "process start to first python result, warm store",
        ours,
        floorOrPeer: bare,
        unit: "ms",
        beside: "a process that opens an empty page in the same browser: node, Chromium, page",
      }),
    ];
  },
};
