/** Which factory makes which builtin module. */
import type { CommonJsLoader } from "../modules/common-js-loader.ts";
import { libraries } from "../libraries.ts";
import type { BuiltinFactory, Exports, NodeRealm } from "../node-realm.ts";
import { createAssert } from "./assert.ts";
import { createAsyncHooks } from "./async-hooks.ts";
import { createBufferModule } from "./buffer.ts";
import { createConsole } from "./console.ts";
import { createCrypto } from "./crypto.ts";
import { createDiagnosticsChannel } from "./diagnostics-channel.ts";
import { createEvents } from "./events.ts";
import { createFileSystem } from "./file-system.ts";
import { createHttp } from "./http.ts";
import { createDns, createNet } from "./network.ts";
import { createReadline } from "./readline.ts";
import { createModuleModule } from "./module.ts";
import { createOs } from "./os.ts";
import { createPath } from "./path.ts";
import { createPerfHooks } from "./perf-hooks.ts";
import { createTty } from "./tty.ts";
import { createV8 } from "./v8.ts";
import { createVm } from "./vm.ts";
import { createWorkerThreads } from "./worker-threads.ts";
import { createStream, createStreamConsumers, createStreamWeb } from "./stream.ts";
import { createTimers, createTimersPromises } from "./timers.ts";
import { createUnavailableModule, UNAVAILABLE_MODULES } from "./unavailable-modules.ts";
import { createUrl } from "./url.ts";
import { createUtil } from "./util.ts";
import { createZlib } from "./zlib.ts";

/** A builtin that is a member of another. */
const partOf =
  (name: string, member: string): BuiltinFactory =>
  (realm) =>
    realm.builtin(name)[member];

const FACTORIES: Readonly<Record<string, BuiltinFactory>> = {
  assert: createAssert,
  "assert/strict": partOf("assert", "strict"),
  async_hooks: createAsyncHooks,
  buffer: createBufferModule,
  console: createConsole,
  constants: (realm) => ({
    ...realm.builtin("os").constants.errno,
    ...realm.builtin("os").constants.signals,
    ...realm.builtin("fs").constants,
  }),
  crypto: createCrypto,
  diagnostics_channel: createDiagnosticsChannel,
  dns: createDns,
  "dns/promises": partOf("dns", "promises"),
  events: createEvents,
  fs: createFileSystem,
  "fs/promises": partOf("fs", "promises"),
  http: (realm) => createHttp(realm, "http:"),
  https: (realm) => createHttp(realm, "https:"),
  net: createNet,
  os: createOs,
  path: createPath,
  "path/posix": partOf("path", "posix"),
  "path/win32": partOf("path", "win32"),
  perf_hooks: createPerfHooks,
  process: (realm) => realm.process,
  punycode: () => defaultOf(libraries.punycode()),
  querystring: () => defaultOf(libraries.querystring()),
  readline: createReadline,
  "readline/promises": partOf("readline", "promises"),
  stream: createStream,
  "stream/consumers": createStreamConsumers,
  "stream/promises": partOf("stream", "promises"),
  "stream/web": createStreamWeb,
  string_decoder: () => libraries.stringDecoder(),
  sys: (realm) => realm.builtin("util"),
  timers: createTimers,
  "timers/promises": createTimersPromises,
  tty: createTty,
  url: createUrl,
  util: createUtil,
  "util/types": partOf("util", "types"),
  v8: createV8,
  vm: createVm,
  worker_threads: createWorkerThreads,
  zlib: createZlib,
};

/** Looks builtins up by name, each made when it is first asked for. */
export function createBuiltins(realm: () => NodeRealm, loader: () => CommonJsLoader): (name: string) => Exports {
  const made = new Map<string, Exports>();
  return (name) => {
    if (made.has(name)) return made.get(name);
    let factory = FACTORIES[name];
    if (name === "module") factory = () => createModuleModule(loader().Module);
    if (UNAVAILABLE_MODULES.includes(name)) factory = () => createUnavailableModule(name);
    if (!factory) throw new Error(`No such built-in module: ${name}`);
    const exports = withOwnNames(factory(realm()));
    made.set(name, exports);
    return exports;
  };
}

/** Gives functions the names that they are exported by, where the bundler had to call two of them differently. */
function withOwnNames(exports: Exports): Exports {
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(exports))) {
    if (typeof value !== "function" || value.name === name || value.name.replace(/\d+$/u, "") !== name) continue;
    Object.defineProperty(value, "name", { value: name, configurable: true });
  }
  return exports;
}

/** A library's own object, where it is an ES module that exports one. */
function defaultOf(exports: Exports): Exports {
  return { ...(exports.default ?? exports) };
}
