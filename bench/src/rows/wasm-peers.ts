/** A wasm call beside other ways to run a module with a fresh instance; all take turns. */
import { openExtism, openNodeWasi } from "../peers/wasm-in-node.ts";
import { compareRow } from "../row.ts";
import { interleave } from "../samples.ts";
import type { Section } from "../section.ts";
import { call, timeWarmCall } from "../warm-call.ts";

const TOOL = "echo-wasm";
const PEERS = {
  "extism-worker": "Extism's JS SDK, a new plugin in a worker for each call",
  extism: "Extism's JS SDK, a new plugin on the host's own thread",
  "node-wasi": "node:wasi, a new instance on the host's own thread",
} as const;

export const wasmPeers: Section = {
  id: "wasm-peers",
  title: "a wasm call beside peers",
  rows: Object.keys(PEERS).map((id) => `wasm-beside-${id}`),
  async measure({ folder, count }) {
    await using pocket = folder.openPocket([TOOL]);
    const plugin = await folder.readModule("echo-extism");
    const wasi = await openNodeWasi(await folder.readModule(TOOL), folder.path);
    const peers = [await openExtism(plugin, true), await openExtism(plugin, false), wasi];
    await call(pocket, TOOL);
    const [ours = [], ...theirs] = await interleave(
      [() => timeWarmCall(pocket, TOOL), ...peers.map((peer) => () => peer.call())],
      { rounds: count(30, 5), warmUp: 2 },
    );
    return Object.entries(PEERS).map(([id, beside], index) =>
      compareRow({
        id: `wasm-beside-${id}`,
        what: "warm call of a wasm tool",
        ours,
        floorOrPeer: theirs[index] ?? [],
        unit: "ms",
        beside,
      }),
    );
  },
};
