/** The names of Node's builtin modules, as `require` and `import` know them without their `node:` prefix. */

const BUILTIN_NAMES: ReadonlySet<string> = new Set([
  "assert",
  "assert/strict",
  "async_hooks",
  "buffer",
  "child_process",
  "cluster",
  "console",
  "constants",
  "crypto",
  "dgram",
  "diagnostics_channel",
  "dns",
  "dns/promises",
  "domain",
  "events",
  "fs",
  "fs/promises",
  "http",
  "http2",
  "https",
  "inspector",
  "inspector/promises",
  "module",
  "net",
  "os",
  "path",
  "path/posix",
  "path/win32",
  "perf_hooks",
  "process",
  "punycode",
  "querystring",
  "readline",
  "readline/promises",
  "repl",
  "stream",
  "stream/consumers",
  "stream/promises",
  "stream/web",
  "string_decoder",
  "sys",
  "timers",
  "timers/promises",
  "tls",
  "trace_events",
  "tty",
  "url",
  "util",
  "util/types",
  "v8",
  "vm",
  "wasi",
  "worker_threads",
  "zlib",
]);

/** Builtins that exist with the `node:` prefix only. */
const PREFIXED_NAMES: ReadonlySet<string> = new Set(["test", "test/reporters", "sqlite", "sea"]);

/** Every builtin name without its prefix: `module.builtinModules`. */
export const BUILTIN_MODULES: readonly string[] = [...BUILTIN_NAMES];

/** The builtin that `specifier` names, without its prefix, or null when it names none. */
export function toBuiltinName(specifier: string): string | null {
  if (specifier.startsWith("node:")) {
    const name = specifier.slice("node:".length);
    return BUILTIN_NAMES.has(name) || PREFIXED_NAMES.has(name) ? name : null;
  }
  return BUILTIN_NAMES.has(specifier) ? specifier : null;
}
