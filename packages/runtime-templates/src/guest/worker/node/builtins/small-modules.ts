/** Builtins that are small here: they tell about a machine that is not there, or pass on what the realm has. */
import { BUILTIN_MODULES } from "../../../../node-resolution/builtin-modules.ts";
import { createNodeError, unavailable } from "../errors/node-error.ts";
import { libraries } from "../libraries.ts";
import { evaluateGlobally, monotonicNow, timeOrigin } from "../natives.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";
import { ARCHITECTURE, PLATFORM } from "../process/versions.ts";
import { createPathParts } from "./path-parts.ts";

const GIBIBYTE = 1_073_741_824;

export function createPath(): Exports {
  const posix = libraries.pathPosix();
  const win32 = libraries.pathWin32();
  for (const flavour of [posix, win32]) {
    Object.assign(flavour, createPathParts(flavour), {
      posix, win32,
      _makeLong: flavour.toNamespacedPath ?? ((path: string) => path),
      matchesGlob: (path: string, pattern: string) => globToRegExp(pattern).test(path),
    });
  }
  return posix;
}

function globToRegExp(pattern: string): RegExp {
  const source = pattern.replaceAll(/\*\*\/?|[*?]|[.+^${}()|[\]\\]/gu, (token) => {
    if (token === "**/") return "(?:.*/)?";
    if (token === "**") return ".*";
    if (token === "*") return "[^/]*";
    return token === "?" ? "[^/]" : `\\${token}`;
  });
  return new RegExp(`^${source}$`, "u");
}

export function createOs(): Exports {
  const signals = {
    SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGILL: 4, SIGTRAP: 5, SIGABRT: 6, SIGBUS: 7, SIGFPE: 8, SIGKILL: 9,
    SIGUSR1: 10, SIGSEGV: 11, SIGUSR2: 12, SIGPIPE: 13, SIGALRM: 14, SIGTERM: 15, SIGCHLD: 17, SIGCONT: 18, SIGSTOP: 19,
  };
  const errno = { EACCES: 13, EEXIST: 17, ENOENT: 2, EPERM: 1, EISDIR: 21, ENOTDIR: 20, EINVAL: 22, ECONNREFUSED: 111 };
  return {
    EOL: "\n",
    devNull: "/dev/null",
    constants: { UV_UDP_REUSEADDR: 4, signals, errno, dlopen: {}, priority: { PRIORITY_NORMAL: 0 } },
    arch: () => ARCHITECTURE,
    availableParallelism: () => 1,
    cpus: () => [{ model: "sandbox", speed: 0, times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 } }],
    endianness: () => "LE",
    freemem: () => GIBIBYTE,
    getPriority: () => 0,
    homedir: () => "/home/tool",
    hostname: () => "localhost",
    loadavg: () => [0, 0, 0],
    machine: () => "x86_64",
    networkInterfaces: () => ({}),
    platform: () => PLATFORM,
    release: () => "6.0.0",
    setPriority: () => undefined,
    tmpdir: () => "/tmp",
    totalmem: () => GIBIBYTE,
    type: () => "Linux",
    uptime: () => monotonicNow() / 1000,
    userInfo: () => ({ uid: 1000, gid: 1000, username: "tool", homedir: "/home/tool", shell: null }),
    version: () => "#1",
  };
}

export function createPerfHooks(realm: NodeRealm): Exports {
  const { performance } = globalThis;
  const timeOriginal = { now: () => monotonicNow(), timeOrigin };
  void realm;
  const extra: Exports = {
    eventLoopUtilization: () => ({ idle: 0, active: 0, utilization: 0 }),
    nodeTiming: { name: "node", entryType: "node", startTime: 0, duration: monotonicNow(), bootstrapComplete: 0 },
    timerify: (callback: Exports) => (...values: unknown[]) => callback(...values),
  };
  for (const [name, value] of Object.entries(extra)) {
    Object.defineProperty(performance, name, { value, configurable: true, writable: true });
  }
  class PerformanceObserver {
    static readonly supportedEntryTypes = [];
    observe(): void {}
    disconnect(): void {}
    takeRecords(): never[] {
      return [];
    }
  }
  return {
    performance, PerformanceObserver,
    PerformanceEntry, PerformanceMark, PerformanceMeasure,
    constants: {},
    createHistogram: () => { throw unavailable("perf_hooks.createHistogram"); },
    monitorEventLoopDelay: () => { throw unavailable("perf_hooks.monitorEventLoopDelay"); },
    timeOrigin: timeOriginal.timeOrigin,
  };
}

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
    BroadcastChannel: class BroadcastChannel {
      constructor() {
        throw unavailable("BroadcastChannel");
      }
    },
    Worker: class Worker {
      constructor() {
        throw unavailable("node:worker_threads");
      }
    },
    markAsUntransferable: () => undefined,
    isMarkedAsUntransferable: () => false,
    getEnvironmentData: () => undefined,
    setEnvironmentData: () => undefined,
    receiveMessageOnPort: () => undefined,
  };
}

export function createVm(): Exports {
  class Script {
    readonly #text: string;
    constructor(text: string, options: { filename?: string } | string = {}) {
      const filename = typeof options === "string" ? options : options.filename;
      this.#text = `${text}\n//# sourceURL=${filename ?? "evalmachine.<anonymous>"}`;
      // Compiled once to report what does not parse where Node does.
      evaluateGlobally(`(function () {${text}\n})`);
    }
    runInThisContext(): unknown {
      return evaluateGlobally(this.#text);
    }
    runInContext(): never {
      throw unavailable("a vm context of its own");
    }
    runInNewContext(): never {
      throw unavailable("a vm context of its own");
    }
  }
  return {
    Script,
    runInThisContext: (text: string, options?: string) => new Script(text, options).runInThisContext(),
    runInNewContext: () => { throw unavailable("vm.runInNewContext"); },
    runInContext: () => { throw unavailable("vm.runInContext"); },
    createContext: () => { throw unavailable("vm.createContext"); },
    isContext: () => false,
    compileFunction: (text: string, parameters: readonly string[] = []) =>
      evaluateGlobally(`(function (${parameters.join(",")}) {${text}\n})`),
    constants: {},
  };
}

export function createV8(realm: NodeRealm): Exports {
  const { Buffer } = realm.builtin("buffer");
  const clone = (value: unknown): Exports => Buffer.from(JSON.stringify(value));
  return {
    serialize: clone,
    deserialize: (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)),
    getHeapStatistics: () => ({
      total_heap_size: 8_388_608, used_heap_size: 6_291_456, heap_size_limit: GIBIBYTE, total_available_size: GIBIBYTE,
      total_physical_size: 8_388_608, malloced_memory: 0, peak_malloced_memory: 0, number_of_native_contexts: 1,
    }),
    getHeapSpaceStatistics: () => [],
    getHeapSnapshot: () => { throw unavailable("v8.getHeapSnapshot"); },
    setFlagsFromString: () => undefined,
    cachedDataVersionTag: () => 0,
  };
}

export function createModuleModule(realm: NodeRealm, Module: Exports): Exports {
  void realm;
  Module.builtinModules = [...BUILTIN_MODULES];
  Module.findPackageJSON = () => undefined;
  Module.stripTypeScriptTypes = () => { throw unavailable("module.stripTypeScriptTypes"); };
  Module.register = () => { throw unavailable("module.register"); };
  Module.enableCompileCache = () => ({ status: 3 });
  Module.constants = { compileCacheStatus: {} };
  Module.SourceMap = class SourceMap {};
  Module.findSourceMap = () => undefined;
  return Module;
}

export function createTty(): Exports {
  class ReadStream {
    constructor() {
      throw createNodeError(Error, "ERR_INVALID_FD", "there is no terminal");
    }
  }
  return { isatty: () => false, ReadStream, WriteStream: class WriteStream extends ReadStream {} };
}
