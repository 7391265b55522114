/** The thread in which jco runs: what it makes of hostile bytes takes the host's main thread no time, and can be ended. */
import { parentPort, workerData } from "node:worker_threads";
import { $init, type GenerateOptions, generate } from "@bytecodealliance/jco-transpile/component";

/** What the thread is given. */
export interface TranspileTask {
  readonly bytes: Uint8Array;
  /** Functions as jco names them: `add`, `local:calc/ops@1.0.0#count`. */
  readonly exports: readonly string[];
  /** Whether the component may have to wait for its imports. */
  readonly isAsync: boolean;
}

/** What it answers; `fault` where the component is none that jco can transpile. */
export type TranspileAnswer =
  | { readonly files: readonly (readonly [name: string, content: Uint8Array])[] }
  | { readonly fault: string };

/** Imports that wait: the worker suspends the component's stack in them. */
const ASYNC_IMPORTS = [
  "wasi:io/poll#poll",
  "wasi:io/poll#[method]pollable.block",
  "wasi:io/streams#[method]input-stream.blocking-read",
  "wasi:io/streams#[method]input-stream.blocking-skip",
  "wasi:io/streams#[method]output-stream.blocking-splice",
];

const { bytes, exports, isAsync } = workerData as TranspileTask;

const options: GenerateOptions = {
  name: "component",
  map: [],
  instantiation: { tag: "async" },
  noNodejsCompat: true,
  noTypescript: true,
  base64Cutoff: 0,
  // An error of the component is told from a trap by the class that wraps it.
  noComponentErrorWrapping: false,
  ...(isAsync && { asyncMode: { tag: "jspi", val: { imports: ASYNC_IMPORTS, exports: [...exports] } } }),
};

parentPort?.postMessage(await transpile());

async function transpile(): Promise<TranspileAnswer> {
  await $init;
  try {
    return { files: generate(bytes, options).files };
  } catch (error) {
    return { fault: describe(error) };
  }
}

/** jco throws its own errors with a payload: a chain of causes, the first of which says what is wrong. */
function describe(error: unknown): string {
  const payload = typeof error === "object" && error !== null && "payload" in error ? error.payload : error;
  const text = payload instanceof Error ? payload.message : String(payload);
  return text.split("\n")[0] ?? text;
}
