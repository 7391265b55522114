/** Warm calls of fresh instances, beside the bare round trip; the calls and the round trips take turns. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Pocket } from "toolpocket";
import { openFloor } from "../floor.ts";
import { compareRow, median, type Row, time } from "../row.ts";

/** Time between calls, in which the next instance is made; callers that need more have the throughput row. */
const PAUSE_MS = 400;

export async function measureWarmCalls(pocket: Pocket, rounds: number): Promise<Row[]> {
  const floor = await openFloor();
  const names = ["echo-python", "echo-node"];
  const taken = new Map<string, number[]>(names.map((name) => [name, []]));
  const trips: number[] = [];
  try {
    for (const name of names) await pocket.invoke(name, { city: "Seoul" });
    for (let round = 0; round < rounds; round += 1) {
      for (const name of names) {
        await sleep(PAUSE_MS);
        trips.push(await floor.roundTrip());
        taken.get(name)?.push(await time(() => pocket.invoke(name, { city: "Seoul" })));
      }
    }
  } finally {
    await floor.close();
  }
  return names.map((name) =>
    compareRow(
      {
        id: `warm-${name}`,
        what: `warm call of a ${name.slice("echo-".length)} tool, fresh instance, p50`,
        value: median(taken.get(name) ?? []),
        floorOrPeer: median(trips),
        unit: "ms",
        beside: "bare WebSocket round trip through a worker",
      },
      name === "echo-python" ? { atMost: 4 } : undefined,
    ),
  );
}
