/** Sessions: their start, a run, a call of a tool from code, and a hundred calls side by side. */
import { createEchoPocket } from "../echo-pocket.ts";
import { compareRow, figureRow } from "../row.ts";
import { interleave, time } from "../samples.ts";
import type { Section } from "../section.ts";

/** Milliseconds of one call, as the session's own clock has them. */
const CALL = `from toolpocket import call
import time
begun = time.perf_counter()
for n in range(50): call('echo', {'n': n})
(time.perf_counter() - begun) * 1000 / 50`;
const GATHER = `import asyncio
from toolpocket import call
len(await asyncio.gather(*[call('echo', {'n': n}) for n in range(100)]))`;

export const sessions: Section = {
  id: "sessions",
  title: "sessions",
  rows: ["session-start", "session-run", "session-call", "session-gather"],
  async measure({ count }) {
    await using pocket = createEchoPocket();
    // What starts with the first session, browser and snapshot, has a row of its own.
    const openAndClose = () => time(async () => (await pocket.session()).close());
    const [starts = []] = await interleave([openAndClose], { rounds: count(10, 2) });
    await using session = await pocket.session({ tools: ["echo"] });
    const [runs = []] = await interleave([() => time(() => session.run("1+1"))], { rounds: count(40, 10) });
    const [calls = [], gathers = []] = await interleave(
      [async () => Number((await session.run(CALL)).value), () => time(() => session.run(GATHER))],
      { rounds: count(5, 2), warmUp: 0 },
    );
    const unit = "ms";
    return [
      figureRow({ id: "session-start", what: "start of a session, and its end", ours: starts, unit }),
      figureRow({ id: "session-run", what: 'run("1+1") in a session', ours: runs, unit }),
      figureRow({ id: "session-call", what: "call of a function tool from a session's code", ours: calls, unit }),
      compareRow({
        id: "session-gather",
        what: "100 calls side by side from a session's code",
        ours: gathers,
        floorOrPeer: runs,
        unit,
        beside: 'run("1+1") in the same session',
      }),
    ];
  },
};
