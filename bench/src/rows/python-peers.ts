/** A Python call beside the other ways to run one with nothing left over from the call before; all take turns. */
import { PYTHON_PEERS, findFault } from "../peers/run-peer.ts";
import { compareRow, figureRow, withoutPeer } from "../row.ts";
import { interleave } from "../samples.ts";
import type { Section } from "../section.ts";
import { call, timeWarmCall } from "../warm-call.ts";

const TOOL = "echo-python";

export const pythonPeers: Section = {
  id: "python-peers",
  title: "a python call beside peers",
  rows: PYTHON_PEERS.map(({ id }) => `python-beside-${id}`),
  async measure({ folder, count }) {
    await using pocket = folder.openPocket([TOOL]);
    await call(pocket, TOOL);
    const faults = await Promise.all(PYTHON_PEERS.map(findFault));
    const peers = PYTHON_PEERS.filter((_, index) => faults[index] === undefined);
    const [ours = [], ...theirs] = await interleave(
      [() => timeWarmCall(pocket, TOOL), ...peers.map((peer) => () => peer.call())],
      { rounds: count(7, 1), warmUp: 0 },
    );
    return PYTHON_PEERS.map((peer, index) => {
      const row = { id: `python-beside-${peer.id}`, what: "warm call of a python tool", ours, unit: "ms" } as const;
      const fault = faults[index];
      if (fault !== undefined) return withoutPeer(figureRow(row), `skipped: ${peer.what}: ${fault}`);
      return compareRow({ ...row, floorOrPeer: theirs[peers.indexOf(peer)] ?? [], beside: peer.what });
    });
  },
};
