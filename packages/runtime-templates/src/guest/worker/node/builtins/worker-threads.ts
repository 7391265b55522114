/** `node:worker_threads`: there is one thread, the main one. */
import { refusingClass } from "../errors/node-error.ts";
import type { Exports } from "../node-realm.ts";

export function createWorkerThreads(): Exports {
  return {
    isMainThread: true,
    isInternalThread: false,
    threadId: 0,
    parentPort: null,
    workerData: null,
    resourceLimits: {},
    SHARE_ENV: Symbol.for("nodejs.worker_threads.SHARE_ENV"),
    MessageChannel,
    MessagePort,
    BroadcastChannel: refusingClass("BroadcastChannel", "BroadcastChannel"),
    Worker: refusingClass("Worker", "node:worker_threads"),
    markAsUntransferable: () => undefined,
    isMarkedAsUntransferable: () => false,
    getEnvironmentData: () => undefined,
    setEnvironmentData: () => undefined,
    receiveMessageOnPort: () => undefined,
  };
}
