/** From the start of a process to its first Python result, with a warm store, beside a cold page that boots Pyodide. */
import { timeProgram } from "../peers/run-peer.ts";
import { compareRow } from "../row.ts";
import { interleave } from "../samples.ts";
import type { Section } from "../section.ts";

export const start: Section = {
  id: "start",
  title: "start",
  rows: ["start-python"],
  async measure({ folder, count }) {
    const cwd = folder.path;
    // The first start makes the snapshot.
    const [ours = [], cold = []] = await interleave(
      [() => timeProgram("first-result.ts", { cwd }), () => timeProgram("cold-page.ts", { cwd })],
      { rounds: count(7, 2) },
    );
    return [
      compareRow(
        {
          id: "start-python",
          what: "process start to first python result and exit, warm store",
          ours,
          floorOrPeer: cold,
          unit: "ms",
          beside: "a cold page that boots Pyodide, as Hyperpocket does",
        },
        { atMost: 1 / 3 },
      ),
    ];
  },
};
