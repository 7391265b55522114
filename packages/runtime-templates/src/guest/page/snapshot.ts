/** Makes a runtime's memory snapshot in a worker of its own, before any tool is near. */
import type { FromWorker, GuestAssets, ToWorker } from "../../protocol/worker-messages.ts";
import { expectMessage } from "./instance.ts";

export async function makeSnapshot(workerUrl: string, given: Promise<GuestAssets>): Promise<Uint8Array> {
  const assets = await given;
  if (assets.runtime !== "python") throw new Error(`the ${assets.runtime} runtime has no snapshot`);
  const worker = new Worker(workerUrl, { type: "module" });
  try {
    const message: ToWorker = { type: "make-snapshot", assets };
    const answer: Extract<FromWorker, { type: "snapshot" }> = await expectMessage(worker, "snapshot", () =>
      worker.postMessage(message),
    );
    return new Uint8Array(answer.bytes);
  } finally {
    worker.terminate();
  }
}
