/** Fresh-instance Python calls a second, sustained, beside Pyodide booted for each call in Node. */
import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Pocket } from "toolpocket";
import { compareRow, median, type Row, time } from "../row.ts";

const run = promisify(execFile);
const pyodidePerCall = fileURLToPath(new URL("../peers/pyodide-in-node.ts", import.meta.url));

export async function measureThroughput(pocket: Pocket, calls: number): Promise<Row> {
  await pocket.invoke("echo-python", { city: "Seoul" });
  const workers = availableParallelism();
  let left = calls;
  const work = async (): Promise<void> => {
    while (left-- > 0) await pocket.invoke("echo-python", { city: "Seoul" });
  };
  const ms = await time(() => Promise.all(Array.from({ length: workers }, work)));
  const boots: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    boots.push(
      await time(() => Promise.all(Array.from({ length: workers }, () => run(process.execPath, [pyodidePerCall])))),
    );
  }
  return compareRow(
    {
      id: "throughput-python",
      what: `fresh-instance python calls a second, ${workers} at a time`,
      value: calls / (ms / 1_000),
      floorOrPeer: workers / (median(boots) / 1_000),
      unit: "calls/s",
      beside: "a process that boots Pyodide in Node for each call",
    },
    { atLeast: 10 },
  );
}
