/** The invoker of test files that run many small tools once each: it makes nothing ahead that would go unused. */
import type { Invoker } from "@toolpocket/core";
import { createWasmInvoker } from "../src/index.ts";

export function createFrugalInvoker(): Invoker {
  return createWasmInvoker({ maxSandboxes: 3, readyInstances: 0, keepSpare: false });
}
