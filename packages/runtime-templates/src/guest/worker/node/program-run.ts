/** Runs one program: its modules, then the function that its entry exports, until nothing is left to do. */
import type { GuestNodeProgram } from "../../../protocol/guest-program.ts";
import { resolvePath, TOOL_ROOT } from "../../../node-resolution/module-tree.ts";
import { GuestFailure } from "../guest-runtime.ts";
import { BUNDLE_FUNCTION, BUNDLE_SCRIPT } from "./errors/stack-traces.ts";
import type { CommonJsLoader } from "./modules/common-js-loader.ts";
import { type EsModules, type ModuleScope, toFileUrl } from "./modules/es-modules.ts";
import { evaluateGlobally, nativeQueueMicrotask } from "./natives.ts";
import type { Exports, NodeRealm } from "./node-realm.ts";
import { currentExitCode, emitExit } from "./process/exit.ts";

/** Exit code of a program that waits for what can no longer come, as Node's. */
const UNSETTLED_EXIT_CODE = 13;

export interface ProgramRun {
  start(input: Uint8Array): void;
  /** Nothing is left to do; `hasWorked` as the event loop says it. */
  settle(hasWorked: boolean): void;
}

export interface ProgramParts {
  readonly realm: NodeRealm;
  readonly program: GuestNodeProgram;
  readonly commonJs: CommonJsLoader;
  readonly esModules: EsModules;
}

type BundleFunction = (scope: ModuleScope) => Promise<void>;

const decoder = new TextDecoder();

/** Compiles the program; nothing of it runs before `start`. */
export function prepareProgram({ realm, program, commonJs, esModules }: ProgramParts): ProgramRun {
  const entryPath = resolvePath(TOOL_ROOT, program.entry);
  const bundle = program.code === "" ? null : compileBundle(program.code);
  if (program.format === "commonjs" && !bundle) commonJs.compile(entryPath);
  let waitingFor: "modules" | "function" | undefined;

  function evaluate(input: Uint8Array): void {
    const fail = (error: unknown): void => {
      waitingFor = undefined;
      realm.onUncaught(error, "uncaughtException");
    };
    if (program.format === "module" && bundle) {
      waitingFor = "modules";
      bundle(esModules.scope).then(() => callEntry(esModules.main, input), fail);
    } else if (bundle) {
      // Evaluated at once: without an ES module as entry, the bundle only registers what may be asked for.
      bundle(esModules.scope).then(() => realm.loop.addTask(() => callEntry(commonJs.runMain(entryPath), input)), fail);
    } else callEntry(commonJs.runMain(entryPath), input);
  }

  function callEntry(exports: Exports, input: Uint8Array): void {
    waitingFor = undefined;
    const entry = findFunction(exports);
    if (!entry) return;
    const fail = (error: unknown): void => {
      waitingFor = undefined;
      realm.onUncaught(error, "uncaughtException");
    };
    waitingFor = "function";
    try {
      Promise.resolve(entry(JSON.parse(decoder.decode(input)))).then(finishWith, fail);
    } catch (error) {
      fail(error);
    }
  }

  function findFunction(exports: Exports): Exports {
    const isNamespace = program.format === "module" || exports?.__esModule === true;
    if (program.function === undefined) {
      const value = isNamespace ? exports.default : exports;
      return typeof value === "function" ? value : undefined;
    }
    const value = exports?.[program.function] ?? exports?.default?.[program.function];
    if (typeof value === "function") return value;
    const names = Object.keys(Object(exports)).join(", ") || "nothing";
    const text = `${program.entry} exports no function "${program.function}"; it exports ${names}`;
    throw new GuestFailure("execution_failed", text);
  }

  /** The function's result ends the run: what is still pending has nobody to answer to. */
  function finishWith(value: unknown): void {
    waitingFor = undefined;
    let text: string;
    try {
      text = JSON.stringify(value) ?? "null";
    } catch (error) {
      const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
      return realm.ending.fail(
        new GuestFailure("execution_failed", `the tool returned a value that is no JSON: ${reason}`),
      );
    }
    guardExit(() => emitExit(realm));
    realm.ending.exit({ exitCode: currentExitCode(realm), value: text });
  }

  function guardExit(emit: () => void): void {
    try {
      emit();
    } catch (error) {
      realm.onUncaught(error, "uncaughtException");
    }
  }

  return {
    start(input) {
      realm.loop.addTask(() => {
        // Node evaluates ES modules in a promise's reaction: their ticks come after their promises.
        if (program.format === "module") nativeQueueMicrotask(() => evaluate(input));
        else evaluate(input);
      });
    },
    settle(hasWorked) {
      if (hasWorked) return void realm.process.emit("beforeExit", currentExitCode(realm));
      if (waitingFor && realm.process.exitCode === undefined) {
        realm.process.exitCode = UNSETTLED_EXIT_CODE;
        realm.io.write(2, new TextEncoder().encode(unsettledText(waitingFor, entryPath)));
      }
      emitExit(realm);
      realm.ending.exit({ exitCode: currentExitCode(realm) });
    },
  };
}

function compileBundle(code: string): BundleFunction {
  return evaluateGlobally(
    `(async function ${BUNDLE_FUNCTION}($tp) {${code}\n})\n//# sourceURL=${BUNDLE_SCRIPT}`,
  ) as BundleFunction;
}

function unsettledText(waitingFor: "modules" | "function", entryPath: string): string {
  return waitingFor === "modules"
    ? `Warning: Detected unsettled top-level await at\n${toFileUrl(entryPath)}\n`
    : `Warning: the function of ${entryPath} has not settled, and nothing is left that could settle it\n`;
}
