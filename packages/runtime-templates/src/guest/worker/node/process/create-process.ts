/** Node's `process` object. */
import { bindContext } from "../builtins/async-hooks.ts";
import { createNodeError, unavailable } from "../errors/node-error.ts";
import { monotonicNow } from "../natives.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";
import { createEnvironment } from "./environment.ts";
import { exitProcess, normalizeExitCode } from "./exit.ts";
import { ARCHITECTURE, NODE_RELEASE, NODE_VERSIONS, PLATFORM } from "./versions.ts";

const PROCESS_ID = 1;
const NANOSECONDS = 1_000_000_000;

export interface ProcessOptions {
  readonly entryPath: string;
  readonly args: readonly string[];
  readonly workingFolder: string;
}

/** Fills `process`, an EventEmitter that the realm already holds. */
export function defineProcess(realm: NodeRealm, { entryPath, args, workingFolder }: ProcessOptions): void {
  const { process, loop } = realm;
  let folder = workingFolder;
  let umask = 0o022;
  let exitCode: number | string | undefined;

  const hrtime: Exports = (previous?: [number, number]): [number, number] => {
    const now = BigInt(Math.round(monotonicNow() * 1e6));
    const seconds = Number(now / BigInt(NANOSECONDS));
    const rest = Number(now % BigInt(NANOSECONDS));
    if (!previous) return [seconds, rest];
    const difference = rest - previous[1];
    return difference < 0 ? [seconds - previous[0] - 1, difference + NANOSECONDS] : [seconds - previous[0], difference];
  };
  hrtime.bigint = () => BigInt(Math.round(monotonicNow() * 1e6));

  const memoryUsage: Exports = () => {
    const heapTotal = 8_388_608;
    return { rss: 67_108_864, heapTotal, heapUsed: 6_291_456, external: 1_048_576, arrayBuffers: 65_536 };
  };
  memoryUsage.rss = () => 67_108_864;

  const members: Record<string, unknown> = {
    title: "node",
    version: `v${NODE_VERSIONS.node}`,
    versions: NODE_VERSIONS,
    arch: ARCHITECTURE,
    platform: PLATFORM,
    release: NODE_RELEASE,
    argv: ["/usr/bin/node", entryPath, ...args],
    argv0: "node",
    execArgv: [],
    execPath: "/usr/bin/node",
    env: createEnvironment(),
    pid: PROCESS_ID,
    ppid: 0,
    debugPort: 9229,
    exiting: false,
    features: {
      inspector: false,
      debug: false,
      uv: true,
      ipv6: true,
      tls_alpn: true,
      tls_sni: true,
      tls_ocsp: true,
      tls: true,
      cached_builtins: true,
      require_module: true,
      typescript: "strip",
    },
    config: { target_defaults: {}, variables: {} },
    report: undefined,
    allowedNodeEnvironmentFlags: new Set<string>(),
    nextTick(callback: unknown, ...values: unknown[]) {
      if (typeof callback !== "function") {
        throw createNodeError(
          TypeError,
          "ERR_INVALID_ARG_TYPE",
          `The "callback" argument must be of type function. Received ${realm.builtin("util").inspect(callback)}`,
        );
      }
      loop.addTick(bindContext(() => callback(...values)));
    },
    exit: (code?: unknown) => exitProcess(realm, code),
    reallyExit: (code?: unknown) => exitProcess(realm, code),
    abort: () => exitProcess(realm, 134),
    hrtime,
    uptime: () => monotonicNow() / 1000,
    memoryUsage,
    constrainedMemory: () => 0,
    availableMemory: () => 268_435_456,
    resourceUsage: () => ({ userCPUTime: Math.round(monotonicNow() * 1000), systemCPUTime: 0, maxRSS: 65_536 }),
    cpuUsage: (previous?: { user: number; system: number }) => ({
      user: Math.round(monotonicNow() * 1000) - (previous?.user ?? 0),
      system: 0,
    }),
    threadCpuUsage: () => ({ user: Math.round(monotonicNow() * 1000), system: 0 }),
    cwd: () => folder,
    chdir(target: string) {
      const path = realm.builtin("path").resolve(folder, target);
      if (!realm.builtin("fs").statSync(path).isDirectory()) {
        throw createNodeError(Error, "ENOTDIR", `ENOTDIR: not a directory, chdir ${folder} -> '${target}'`);
      }
      folder = path;
    },
    umask(mask?: number | string) {
      const old = umask;
      if (mask !== undefined) umask = typeof mask === "string" ? Number.parseInt(mask, 8) : mask;
      return old;
    },
    getuid: () => 1000,
    geteuid: () => 1000,
    getgid: () => 1000,
    getegid: () => 1000,
    getgroups: () => [1000],
    emitWarning: (warning: unknown, ...rest: unknown[]) => emitWarning(realm, warning, rest),
    getBuiltinModule: (name: string) => {
      const { Module } = realm.builtin("module");
      return Module.isBuiltin(name) ? realm.builtin(name.replace(/^node:/u, "")) : undefined;
    },
    getActiveResourcesInfo: () => [],
    setUncaughtExceptionCaptureCallback(callback: unknown) {
      process.removeAllListeners("toolpocket:capture");
      if (callback) process.on("toolpocket:capture", callback);
    },
    hasUncaughtExceptionCaptureCallback: () => process.listenerCount("toolpocket:capture") > 0,
    setSourceMapsEnabled: () => undefined,
    loadEnvFile: () => {
      throw unavailable("process.loadEnvFile");
    },
    binding: (name: string) => {
      throw createNodeError(Error, "ERR_INVALID_MODULE", `No such binding: ${name}`);
    },
    dlopen: () => {
      throw unavailable("process.dlopen");
    },
    kill: () => {
      throw unavailable("process.kill");
    },
    ref: (handle: Exports) => handle?.ref?.(),
    unref: (handle: Exports) => handle?.unref?.(),
    finalization: { register: () => undefined, registerBeforeExit: () => undefined, unregister: () => undefined },
  };
  Object.assign(process, members);
  Object.defineProperty(process, Symbol.toStringTag, { value: "process", configurable: true });
  Object.defineProperty(process, "exitCode", {
    configurable: true,
    enumerable: true,
    get: () => exitCode,
    set: (code: unknown) => {
      exitCode = code === undefined || code === null ? undefined : normalizeExitCode(code);
    },
  });
  for (const name of ["stdin", "stdout", "stderr"] as const) {
    Object.defineProperty(process, name, { configurable: true, enumerable: true, get: realm.streams[name] });
  }
}

function emitWarning(realm: NodeRealm, warning: unknown, rest: readonly unknown[]): void {
  const [first, second] = rest;
  const options: Exports = typeof first === "object" && first !== null ? first : { type: first, code: second };
  const error: Exports = warning instanceof Error ? warning : new Error(String(warning));
  if (!(warning instanceof Error)) error.name = String(options.type ?? "Warning");
  if (options.code !== undefined && typeof options.code === "string") error.code = options.code;
  if (options.detail !== undefined) error.detail = options.detail;
  const { process } = realm;
  if (error.name === "DeprecationWarning" && process.noDeprecation) return;
  process.nextTick(() => {
    if (!process.noWarnings) {
      const code = error.code === undefined ? "" : `[${error.code}] `;
      const detail = typeof error.detail === "string" ? `\n${error.detail}` : "";
      const text = `(node:${PROCESS_ID}) ${code}${error.name}: ${error.message}${detail}\n`;
      realm.io.write(2, new TextEncoder().encode(text));
    }
    process.emit("warning", error);
  });
}
