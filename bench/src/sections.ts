/** The sections of the benchmark, in the order of the table. */
import { commandLine } from "./rows/command-line.ts";
import { components } from "./rows/components.ts";
import { mcp } from "./rows/mcp.ts";
import { idleness } from "./rows/idle.ts";
import { memory } from "./rows/memory.ts";
import { memoryGrowth } from "./rows/growth.ts";
import { metering } from "./rows/metering.ts";
import { network } from "./rows/network.ts";
import { payload } from "./rows/payload.ts";
import { pythonPeers } from "./rows/python-peers.ts";
import { sessions } from "./rows/sessions.ts";
import { start } from "./rows/start.ts";
import { sync } from "./rows/sync.ts";
import { throughput } from "./rows/throughput.ts";
import { warm } from "./rows/warm.ts";
import { wasmPeers } from "./rows/wasm-peers.ts";
import type { Section } from "./section.ts";

export const SECTIONS: readonly Section[] = [
  warm,
  start,
  pythonPeers,
  wasmPeers,
  components,
  throughput,
  sessions,
  payload,
  memory,
  idleness,
  memoryGrowth,
  metering,
  network,
  mcp,
  sync,
  commandLine,
];
