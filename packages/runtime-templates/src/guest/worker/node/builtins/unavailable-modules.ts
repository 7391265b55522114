/** Builtins that a sandboxed page cannot have: they can be imported, and say so when they are used. */
import { unavailable } from "../errors/node-error.ts";
import type { Exports } from "../node-realm.ts";

/** Names that programs look up in each of them; whatever else they look up is there too when it is called. */
const FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  child_process: ["exec", "execFile", "execFileSync", "execSync", "fork", "spawn", "spawnSync", "ChildProcess"],
  cluster: ["fork", "disconnect", "setupPrimary", "setupMaster", "Worker"],
  dgram: ["createSocket", "Socket"],
  domain: ["create", "createDomain", "Domain"],
  http2: ["connect", "createServer", "createSecureServer"],
  inspector: ["open", "close", "url", "waitForDebugger", "Session"],
  "inspector/promises": ["open", "close", "url", "waitForDebugger", "Session"],
  repl: ["start", "REPLServer"],
  tls: ["connect", "createServer", "createSecureContext", "TLSSocket", "Server", "checkServerIdentity", "getCiphers"],
  trace_events: ["createTracing", "getEnabledCategories"],
  wasi: ["WASI"],
  test: ["test", "describe", "it", "suite", "before", "after", "beforeEach", "afterEach", "run"],
  "test/reporters": ["spec", "tap", "dot", "junit", "lcov"],
  sqlite: ["DatabaseSync", "StatementSync", "backup"],
  sea: ["getAsset", "getRawAsset", "getAssetAsBlob"],
};

const CONSTANTS: Readonly<Record<string, Exports>> = {
  cluster: { isMaster: true, isPrimary: true, isWorker: false, workers: {}, settings: {} },
  http2: { constants: {}, sensitiveHeaders: Symbol("nodejs.http2.sensitiveHeaders") },
  tls: { DEFAULT_MIN_VERSION: "TLSv1.2", DEFAULT_MAX_VERSION: "TLSv1.3", rootCertificates: [] },
  domain: { active: null },
  sea: { isSea: () => false },
};

export const UNAVAILABLE_MODULES: readonly string[] = Object.keys(FUNCTIONS);

/** The exports of the module `name`: each function of it throws. */
export function createUnavailableModule(name: string): Exports {
  const module: Exports = {};
  for (const functionName of FUNCTIONS[name] ?? []) {
    // A function expression: some of them are called with `new`.
    module[functionName] = function (): never {
      throw unavailable(`node:${name}`);
    };
    Object.defineProperty(module[functionName], "name", { value: functionName });
  }
  return Object.assign(module, CONSTANTS[name]);
}
