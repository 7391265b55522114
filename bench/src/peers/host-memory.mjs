/** A process that calls a Python tool ten times, comes to rest, and prints the megabytes that it takes, without its browser. */
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { fromLocal, Pocket } from "toolpocket";

await using pocket = new Pocket({ tools: [fromLocal("echo-python")] });
for (let round = 0; round < 10; round += 1) {
  const outcome = await pocket.invoke("echo-python", { city: "Seoul" });
  if (outcome.status !== "ok") throw new Error(outcome.error.message);
}
await sleep(2_000);
const rollup = await readFile("/proc/self/smaps_rollup", "latin1");
process.stdout.write(JSON.stringify({ figure: Number(/^Pss:\s+(\d+) kB/mu.exec(rollup)?.[1]) / 1_024 }));
