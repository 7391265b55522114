/** The node runtime of a worker: one Node-like process over the browser's engine. */
import type { GuestNodeProgram } from "../../../protocol/guest-program.ts";
import type { NodeAssets } from "../../../protocol/worker-messages.ts";
import { resolvePath, TOOL_ROOT } from "../../../node-resolution/module-tree.ts";
import { createHostFetch } from "../fetch/host-fetch.ts";
import type { ServerRequestInit } from "../fetch/request-class.ts";
import type { GuestRuntime } from "../guest-runtime.ts";
import type { CallHost } from "../host-calls.ts";
import { createBuiltins } from "./builtins/builtin-table.ts";
import { createEnding } from "./ending.ts";
import { listenForErrors } from "./errors/error-reports.ts";
import { BUNDLE_SCRIPT, installStackTraces } from "./errors/stack-traces.ts";
import { createUncaughtHandler } from "./errors/uncaught.ts";
import { createEventLoop } from "./event-loop.ts";
import { ExitSignal } from "./exit-signal.ts";
import { holdForHostCalls } from "./globals/native-promises.ts";
import { installGlobals } from "./globals/install-globals.ts";
import { type CommonJsLoader, createCommonJsLoader } from "./modules/common-js-loader.ts";
import { createEsModules, type EsModules } from "./modules/es-modules.ts";
import { createToolFileTree } from "./modules/tool-file-tree.ts";
import { webCrypto } from "./natives.ts";
import { enterRealm, type Exports, type NodeRealm } from "./node-realm.ts";
import { createNodeStorage } from "./node-storage.ts";
import { defineProcess } from "./process/create-process.ts";
import { createStandardStreams } from "./process/standard-streams.ts";
import { type ProgramRun, prepareProgram } from "./program-run.ts";
import { createStandardIo } from "./standard-io.ts";
import { nativeAddEventListener, ownScript } from "./worker-natives.ts";

interface BoundProgram {
  readonly realm: NodeRealm;
  readonly run: ProgramRun;
}

let bound: BoundProgram | undefined;

export const nodeRuntime: GuestRuntime<NodeAssets, GuestNodeProgram> = {
  async boot() {
    listenForErrors((error) => bound?.realm.onUncaught(error, "uncaughtException"));
    nativeAddEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      const { reason, promise } = event as PromiseRejectionEvent;
      bound?.realm.onUncaught(reason, "unhandledRejection", promise);
    });
  },
  async bind(program, callHost) {
    bound = bindProgram(program, callHost);
  },
  openStorage() {
    if (!bound) throw new Error("no program is bound");
    return bound.realm.storage;
  },
  async run({ input, environment }, output) {
    if (!bound) throw new Error("no program is bound");
    const { realm, run } = bound;
    realm.io.connect(input, output);
    Object.assign(realm.process.env, environment);
    run.start(input);
    return realm.ending.result;
  },
};

function bindProgram(program: GuestNodeProgram, callHost: CallHost): BoundProgram {
  const entryPath = resolvePath(TOOL_ROOT, program.entry);
  const traces = installStackTraces(new Set([ownScript]));
  if (program.sourceMap !== "") traces.addSourceMap(BUNDLE_SCRIPT, program.sourceMap);

  const loop = createEventLoop({
    onError: (error) => realm.onUncaught(error, "uncaughtException"),
    onIdle: (hasWorked) => run.settle(hasWorked),
  });
  const io = createStandardIo((error) => {
    ending.fail(error);
    throw new ExitSignal();
  });
  const ending = createEnding(() => {
    loop.stop();
    io.disconnect();
  });
  const heldCallHost = holdForHostCalls(loop, callHost);
  const hostFetch = createHostFetch(heldCallHost);
  const realm: NodeRealm = {
    loop,
    io,
    ending,
    files: createToolFileTree(program.files),
    storage: createNodeStorage(),
    webcrypto: webCrypto,
    callHost: heldCallHost,
    fetch: (input: RequestInfo | URL, init?: ServerRequestInit) => loop.holdFor(hostFetch(input, init)),
    builtin: createBuiltins(
      () => realm,
      () => commonJs,
    ),
    get streams() {
      return streams;
    },
    get process() {
      return process;
    },
    onUncaught: (error, origin, promise) => handleUncaught(error, origin, promise),
  };
  enterRealm(realm);
  const streams = createStandardStreams(realm);
  const process: Exports = createEmitter(realm);
  const handleUncaught = createUncaughtHandler(realm, traces);
  const commonJs: CommonJsLoader = createCommonJsLoader(
    realm,
    () => esModules,
    (error, path) => traces.addSyntaxError(error, path),
  );
  const esModules: EsModules = createEsModules(realm, () => commonJs, {
    entryPath,
    addSourceMap: (script, sourceMap) => traces.addSourceMap(script, sourceMap),
  });
  defineProcess(realm, { entryPath, args: program.args, workingFolder: TOOL_ROOT });
  installGlobals(realm);
  for (const name of program.builtins) realm.builtin(name);
  const run = prepareProgram({ realm, program, commonJs, esModules });
  return { realm, run };
}

/** The `process` object before it has its members: an EventEmitter of a class of its own, as in Node. */
function createEmitter(realm: NodeRealm): Exports {
  const EventEmitter = realm.builtin("events");
  class process extends EventEmitter {}
  return new process();
}
