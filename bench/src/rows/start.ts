/** From the start of a process to its first Python result, with a warm store, beside a cold page that boots Pyodide. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { compareRow, median, type Row, time } from "../row.ts";

const run = promisify(execFile);
const peer = (name: string): string => fileURLToPath(new URL(`../peers/${name}.ts`, import.meta.url));

export async function measureStart(folder: string, rounds: number): Promise<Row> {
  const start = (name: string): Promise<number> =>
    time(() => run(process.execPath, ["--conditions=toolpocket-source", peer(name)], { cwd: folder }));
  const ours: number[] = [];
  const cold: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await start("first-result"));
    cold.push(await start("cold-page"));
  }
  return compareRow(
    {
      id: "start-python",
      what: "process start to first python result and exit, warm store",
      value: median(ours),
      floorOrPeer: median(cold),
      unit: "ms",
      beside: "a cold page that boots Pyodide, as Hyperpocket does",
    },
    { atMost: 1 / 3 },
  );
}
