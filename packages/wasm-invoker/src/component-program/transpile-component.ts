/** Transpiles components with jco: JavaScript that links a component's core modules. */
import { Worker } from "node:worker_threads";
import type { ComponentProgram } from "@toolpocket/core";
import { withoutVersion } from "@toolpocket/wit";
import { RefusedProgram } from "../program/refused-program.ts";
import { keepJcoCompiled } from "./compiled-jco.ts";
import { withoutPackageDocs } from "./package-docs.ts";
import type { TranspileAnswer, TranspileTask } from "./transpile-thread.ts";

/** Of `@bytecodealliance/jco-transpile`: what another version makes is another thing. */
export const JCO_VERSION = "0.15.0";
/** How long jco may take for one component: it takes about a second for the largest that compilers make. */
const TRANSPILE_TIMEOUT_MS = 60_000;

const THREAD = new URL(import.meta.resolve("#transpile-thread"));
/** The interface by which a component waits for anything. */
const POLL = "wasi:io/poll";

export interface TranspiledComponent {
  /** An ES module. */
  readonly glue: string;
  /** The core modules, under the names by which the glue asks for them. */
  readonly modules: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** @throws RefusedProgram runtime_policy_invalid when jco refuses it, or has not come to an end in time */
export async function transpileComponent(
  { module, imports }: ComponentProgram,
  exports: readonly string[],
): Promise<TranspiledComponent> {
  const isAsync = imports.some((name) => withoutVersion(name) === POLL);
  const answer = await runThread(module.name, { bytes: withoutPackageDocs(module.bytes), exports, isAsync });
  if ("fault" in answer) throw refuse(module.name, answer.fault);
  const glue = answer.files.find(([name]) => name.endsWith(".js"))?.[1];
  if (glue === undefined) throw new Error("jco made no JavaScript");
  return {
    glue: new TextDecoder().decode(glue),
    modules: answer.files.filter(([name]) => name.endsWith(".wasm")).map(([name, bytes]) => ({ name, bytes })),
  };
}

async function runThread(name: string, task: TranspileTask): Promise<TranspileAnswer> {
  void keepJcoCompiled();
  const thread = new Worker(THREAD, { workerData: task, stderr: true, stdout: true });
  const ended = Promise.withResolvers<TranspileAnswer>();
  thread.once("message", ended.resolve);
  thread.once("error", (error) => ended.reject(refuse(name, error.message, error)));
  thread.once("exit", () => ended.reject(refuse(name, "jco ended without a result")));
  const late = setTimeout(
    () => ended.reject(refuse(name, `it takes longer than ${TRANSPILE_TIMEOUT_MS} ms`)),
    TRANSPILE_TIMEOUT_MS,
  );
  try {
    return await ended.promise;
  } finally {
    clearTimeout(late);
    await thread.terminate();
  }
}

function refuse(name: string, reason: string, cause?: unknown): RefusedProgram {
  return new RefusedProgram("runtime_policy_invalid", `${name} cannot be run: ${reason}`, cause);
}
