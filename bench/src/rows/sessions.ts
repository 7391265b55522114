/** Sessions: their start, a run, a call of a tool from code, and a hundred calls side by side. */
import type { Pocket } from "toolpocket";
import { compareRow, median, type Row, time } from "../row.ts";

const GATHER =
  "import asyncio\nfrom toolpocket import call\nlen(await asyncio.gather(*[call('echo', {'n': n}) for n in range(100)]))";
const CALL =
  "from toolpocket import call\nimport time\nbegun = time.perf_counter()\nfor n in range(50): call('echo', {'n': n})\n(time.perf_counter() - begun) * 1000 / 50";

/** @param pocket has a function `echo` */
export async function measureSessions(pocket: Pocket, rounds: number): Promise<Row[]> {
  const starts: number[] = [];
  // What starts with the first session, browser and snapshot, has a row of its own.
  await (await pocket.session()).close();
  for (let round = 0; round < Math.max(3, rounds / 4); round += 1) {
    starts.push(await time(async () => (await pocket.session()).close()));
  }
  await using session = await pocket.session({ tools: ["echo"] });
  const [runs, calls, gathers]: number[][] = [[], [], []];
  for (let round = 0; round < rounds; round += 1) runs?.push(await time(() => session.run("1+1")));
  for (let round = 0; round < 5; round += 1) {
    const { value } = await session.run(CALL);
    if (typeof value === "number") calls?.push(value);
    gathers?.push(await time(() => session.run(GATHER)));
  }
  const run = median(runs ?? []);
  return [
    absolute("session-start", "start of a session, and its end, p50", median(starts)),
    absolute("session-run", 'run("1+1") in a session, p50', run),
    absolute("session-call", "call of a function tool from a session's code, p50", median(calls ?? [])),
    compareRow(
      {
        id: "session-gather",
        what: "100 calls side by side from a session's code, p50",
        value: median(gathers ?? []),
        floorOrPeer: run,
        unit: "ms",
        beside: 'run("1+1") in the same session',
      },
      undefined,
    ),
  ];
}

function absolute(id: string, what: string, value: number): Row {
  return { id, what, value, floorOrPeer: null, unit: "ms", beside: "", ratio: null, goal: null, pass: null };
}
