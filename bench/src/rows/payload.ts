/** Ten megabytes into a tool, and out of it, beside the same bytes over a bare WebSocket through a worker. */
import { openFloor } from "../floor.ts";
import { compareRow } from "../row.ts";
import { interleave } from "../samples.ts";
import type { Section } from "../section.ts";
import { call, timeWarmCall } from "../warm-call.ts";

const RUNTIMES = ["python", "node", "wasm"] as const;
const BYTES = 10_485_760;
const LIMITS = {
  limits: { maxInputBytes: 16_777_216, maxOutputBytes: 16_777_216, maxMemoryBytes: 536_870_912, timeoutMs: 60_000 },
};

export const payload: Section = {
  id: "payload",
  title: "10 MB payloads",
  rows: ["in", "out"].flatMap((way) => RUNTIMES.map((runtime) => `payload-${way}-${runtime}`)),
  async measure({ folder, count }) {
    await using pocket = folder.openPocket(
      RUNTIMES.map((runtime) => `payload-${runtime}`),
      LIMITS,
    );
    await using floor = await openFloor();
    const small = { text: "", answer: 1 };
    for (const runtime of RUNTIMES) await call(pocket, `payload-${runtime}`, small);
    const inward = { text: "x".repeat(BYTES), answer: 1 };
    const outward = { text: "", answer: BYTES };
    const calls = [inward, outward].flatMap((input) =>
      RUNTIMES.map((runtime) => () => timeWarmCall(pocket, `payload-${runtime}`, input)),
    );
    const [sent = [], answered = [], ...taken] = await interleave(
      [() => floor.roundTrip({ sentBytes: BYTES }), () => floor.roundTrip({ answeredBytes: BYTES }), ...calls],
      { rounds: count(10, 2) },
    );
    return taken.map((ours, index) => {
      const runtime = RUNTIMES[index % RUNTIMES.length];
      const isInward = index < RUNTIMES.length;
      return compareRow({
        id: `payload-${isInward ? "in" : "out"}-${runtime}`,
        what: `10 MB ${isInward ? "into" : "out of"} a ${runtime} tool`,
        ours,
        floorOrPeer: isInward ? sent : answered,
        unit: "ms",
        beside: "the same bytes over a bare WebSocket through a worker",
      });
    });
  },
};
