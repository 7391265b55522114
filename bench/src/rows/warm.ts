/** Warm calls of fresh instances, beside the bare round trip through a worker; calls and round trips take turns. */
import { openFloor } from "../floor.ts";
import { compareRow, type Goal } from "../row.ts";
import { interleave } from "../samples.ts";
import type { Section } from "../section.ts";
import { call, timeWarmCall } from "../warm-call.ts";

const TOOLS: readonly (readonly [runtime: string, goal?: Goal])[] = [
  ["python", { atMost: 4 }],
  ["node"],
  ["wasm", { atMost: 3 }],
];

export const warm: Section = {
  id: "warm",
  title: "warm calls",
  rows: ["warm-python", "warm-node", "warm-wasm"],
  async measure({ folder, count }) {
    const names = TOOLS.map(([runtime]) => `echo-${runtime}`);
    await using pocket = folder.openPocket(names);
    await using floor = await openFloor();
    for (const name of names) await call(pocket, name);
    const [trips = [], ...taken] = await interleave(
      [() => floor.roundTrip(), ...names.map((name) => () => timeWarmCall(pocket, name))],
      { rounds: count(40, 6) },
    );
    return TOOLS.map(([runtime, goal], index) =>
      compareRow(
        {
          id: `warm-${runtime}`,
          what: `warm call of a ${runtime} tool, fresh instance`,
          ours: taken[index] ?? [],
          floorOrPeer: trips,
          unit: "ms",
          beside: "bare WebSocket round trip through a worker",
        },
        goal,
      ),
    );
  },
};
