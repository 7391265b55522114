/** The Chromium invoker keeps the contract of invokers, in each of its runtimes. */
import { invokerContract } from "@toolpocket/test-kit/invoker-contract";
import { createMemorySnapshotStore, createWasmInvoker } from "../src/index.ts";

// One snapshot for the whole suite: some tests start a browser of their own.
const snapshots = createMemorySnapshotStore();

invokerContract("createWasmInvoker()", () => createWasmInvoker({ snapshots }), {
  runtimes: ["python", "node", "wasm"],
});
