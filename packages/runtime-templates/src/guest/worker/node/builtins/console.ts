/** `console`, as Node prints: formatted by util.inspect, log on stdout and error on stderr. */
import { monotonicNow } from "../natives.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";
import { formatTable } from "./console-table.ts";

interface ConsoleOptions {
  readonly stdout?: Exports;
  readonly stderr?: Exports;
  readonly inspectOptions?: object;
  readonly groupIndentation?: number;
}

type Print = (descriptor: 1 | 2, text: string) => void;

/** The global console, and `Console` on it. */
export function createConsole(realm: NodeRealm): Exports {
  const encoder = new TextEncoder();
  // A stream that nobody has asked for cannot have been replaced: its bytes need no stream.
  const direct: Print = (descriptor, text) => {
    const stream = realm.streams.made(descriptor);
    if (stream) stream.write(text);
    else realm.io.write(descriptor, encoder.encode(text));
  };
  const console: Exports = createMethods(realm, direct, {});

  function Console(this: Exports, first: Exports, second?: Exports): Exports {
    const options: ConsoleOptions = typeof first?.write === "function" ? { stdout: first, stderr: second } : first;
    const print: Print = (descriptor, text) => {
      const stream = descriptor === 2 ? (options.stderr ?? options.stdout) : options.stdout;
      stream.write(text);
    };
    const methods = createMethods(realm, print, options);
    return new.target ? Object.assign(this, methods) : methods;
  }
  console.Console = Console;
  console[Symbol.toStringTag] = "console";
  Object.defineProperty(console, Symbol.toStringTag, { enumerable: false });
  return console;
}

function createMethods(realm: NodeRealm, print: Print, options: ConsoleOptions): Exports {
  const { formatWithOptions, inspect } = realm.builtin("util");
  const counts = new Map<string, number>();
  const timers = new Map<string, number>();
  const groupIndentation = options.groupIndentation ?? 2;
  let indent = "";

  const write = (descriptor: 1 | 2, text: string): void => {
    const lines = indent === "" ? text : indent + text.replaceAll("\n", `\n${indent}`);
    print(descriptor, `${lines}\n`);
  };
  const format = (values: readonly unknown[]): string => formatWithOptions(options.inspectOptions ?? {}, ...values);
  const warn = (text: string): void => realm.process.emitWarning(text);

  const log = (...values: unknown[]): void => write(1, format(values));
  const error = (...values: unknown[]): void => write(2, format(values));
  const logTime = (label: string, values: readonly unknown[]): boolean => {
    const start = timers.get(label);
    if (start === undefined) {
      warn(`No such label '${label}' for console.time()`);
      return false;
    }
    const rest = values.length > 0 ? ` ${format(values)}` : "";
    write(1, `${label}: ${formatDuration(monotonicNow() - start)}${rest}`);
    return true;
  };

  const group = (...values: unknown[]): void => {
    if (values.length > 0) log(...values);
    indent += " ".repeat(groupIndentation);
  };

  return {
    log,
    debug: log,
    info: log,
    dirxml: log,
    warn: error,
    error,
    trace(...values: unknown[]) {
      const holder = new Error(format(values));
      holder.name = "Trace";
      Error.captureStackTrace(holder, this.trace);
      write(2, String(holder.stack));
    },
    dir: (value: unknown, dirOptions?: object) =>
      write(1, inspect(value, { customInspect: false, ...options.inspectOptions, ...dirOptions })),
    assert(condition: unknown, ...values: unknown[]) {
      if (condition) return;
      const [first, ...rest] = values;
      if (typeof first === "string") error(`Assertion failed: ${first}`, ...rest);
      else error(...(values.length > 0 ? ["Assertion failed:", ...values] : ["Assertion failed"]));
    },
    clear: () => undefined,
    count(label: unknown = "default") {
      const count = (counts.get(String(label)) ?? 0) + 1;
      counts.set(String(label), count);
      log(`${String(label)}: ${count}`);
    },
    countReset: (label: unknown = "default") => void counts.delete(String(label)),
    group,
    groupCollapsed: group,
    groupEnd() {
      indent = indent.slice(0, Math.max(0, indent.length - groupIndentation));
    },
    table(data: unknown, columns?: readonly string[]) {
      const text = formatTable(data, columns, (value) =>
        inspect(value, { maxArrayLength: 3, breakLength: Infinity, depth: 1, ...options.inspectOptions }),
      );
      if (text === null) log(data);
      else write(1, text);
    },
    time: (label: unknown = "default") => void timers.set(String(label), monotonicNow()),
    timeEnd(label: unknown = "default") {
      if (logTime(String(label), [])) timers.delete(String(label));
    },
    timeLog: (label: unknown = "default", ...values: unknown[]) => void logTime(String(label), values),
    timeStamp: () => undefined,
    profile: () => undefined,
    profileEnd: () => undefined,
  };
}

function formatDuration(ms: number): string {
  if (ms >= 60_000) {
    const minutes = Math.floor(ms / 60_000);
    return `${minutes}:${((ms % 60_000) / 1000).toFixed(3).padStart(6, "0")} (m:ss.mmm)`;
  }
  return ms >= 1000 ? `${(ms / 1000).toFixed(3)}s` : `${Number(ms.toFixed(3))}ms`;
}
