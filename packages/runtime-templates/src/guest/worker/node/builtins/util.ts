/** `node:util`: inspect and format are Node's own code, extracted; the rest is small. */
import { createNodeError } from "../errors/node-error.ts";
import { libraries } from "../libraries.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";
import { styleText } from "./style-text.ts";
import { createUtilTypes } from "./util-types.ts";

const CUSTOM_PROMISIFY = Symbol.for("nodejs.util.promisify.custom");

export function createUtil(realm: NodeRealm): Exports {
  const { inspect, format, formatWithOptions, stripVTControlCharacters } = libraries.inspect();
  const types = createUtilTypes();
  const warned = new Set<string>();

  const util: Exports = {
    inspect,
    format,
    formatWithOptions,
    stripVTControlCharacters,
    styleText,
    types,
    promisify,
    callbackify,
    inherits,
    TextDecoder,
    TextEncoder,
    deprecate(callback: Exports, message: string, code?: string) {
      const deprecated = function (this: unknown, ...values: unknown[]): unknown {
        const key = code ?? message;
        if (!warned.has(key)) {
          warned.add(key);
          realm.process.emitWarning(message, "DeprecationWarning", code);
        }
        return new.target ? Reflect.construct(callback, values, new.target) : Reflect.apply(callback, this, values);
      };
      Object.setPrototypeOf(deprecated, callback);
      if (callback.prototype) deprecated.prototype = callback.prototype;
      return deprecated;
    },
    debuglog: (section: string) => createDebugLog(realm, section),
    isDeepStrictEqual: (first: unknown, second: unknown) => {
      try {
        realm.builtin("assert").deepStrictEqual(first, second);
        return true;
      } catch (error) {
        if ((error as Exports)?.code === "ERR_ASSERTION") return false;
        throw error;
      }
    },
    parseArgs: (config: unknown) =>
      libraries.parseArgs().parseArgs({ args: realm.process.argv.slice(2), ...(config as object) }),
    parseEnv,
    toUSVString: (text: unknown) => String(text).toWellFormed(),
    getSystemErrorName: (number: number) => SYSTEM_ERRORS.get(number)?.[0],
    getSystemErrorMap: () => new Map(SYSTEM_ERRORS),
    getSystemErrorMessage: (number: number) => SYSTEM_ERRORS.get(number)?.[1],
    aborted: (signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener("abort", () => resolve(), { once: true });
      }),
    getCallSites: () => [],
    isArray: Array.isArray,
    _extend: (target: object, source: object) => Object.assign(target, source),
    transferableAbortController: () => new AbortController(),
    transferableAbortSignal: (signal: AbortSignal) => signal,
  };
  util.debug = util.debuglog;
  return util;
}

function promisify(original: Exports): Exports {
  if (typeof original !== "function") {
    throw createNodeError(
      TypeError,
      "ERR_INVALID_ARG_TYPE",
      `The "original" argument must be of type function. Received ${libraries.inspect().inspect(original)}`,
    );
  }
  const custom = original[CUSTOM_PROMISIFY];
  if (custom) {
    return Object.defineProperty(custom, CUSTOM_PROMISIFY, { value: custom, configurable: true });
  }
  const names: readonly string[] | undefined = original[CUSTOM_PROMISIFY_NAMES];
  function promisified(this: unknown, ...values: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      Reflect.apply(original, this, [
        ...values,
        (error: unknown, ...results: unknown[]) => {
          if (error) reject(error);
          else if (names && results.length > 1) {
            resolve(Object.fromEntries(names.map((name, index) => [name, results[index]])));
          } else resolve(results[0]);
        },
      ]);
    });
  }
  Object.setPrototypeOf(promisified, Object.getPrototypeOf(original));
  Object.defineProperty(promisified, CUSTOM_PROMISIFY, { value: promisified, configurable: true });
  return Object.defineProperties(promisified, Object.getOwnPropertyDescriptors(original));
}
promisify.custom = CUSTOM_PROMISIFY;

/** Names of a callback's results, where there are several and the promise is to give an object of them. */
export const CUSTOM_PROMISIFY_NAMES = Symbol("promisify names");

function callbackify(original: Exports): Exports {
  function callbackified(this: unknown, ...values: unknown[]): void {
    const callback = values.pop() as Exports;
    const { nextTick } = (globalThis as Exports).process;
    (Reflect.apply(original, this, values) as Promise<unknown>).then(
      (value: unknown) => nextTick(callback, null, value),
      (reason: unknown) => {
        let error = reason;
        if (!reason) {
          error = createNodeError(Error, "ERR_FALSY_VALUE_REJECTION", "Promise was rejected with falsy value");
          (error as Exports).reason = reason;
        }
        nextTick(callback, error);
      },
    );
  }
  return Object.defineProperty(callbackified, "name", { value: `${original.name}Callbackified` });
}

function inherits(constructor: Exports, base: Exports): void {
  Object.defineProperty(constructor, "super_", { value: base, writable: true, configurable: true });
  Object.setPrototypeOf(constructor.prototype, base.prototype);
}

function createDebugLog(realm: NodeRealm, section: string): Exports {
  const wanted = String(realm.process.env["NODE_DEBUG"] ?? "")
    .toUpperCase()
    .split(",");
  const enabled = wanted.includes(section.toUpperCase());
  const log: Exports = (...values: unknown[]) => {
    if (!enabled) return;
    const text = `${section.toUpperCase()} ${realm.process.pid}: ${realm.builtin("util").format(...values)}\n`;
    realm.io.write(2, new TextEncoder().encode(text));
  };
  log.enabled = enabled;
  return log;
}

function parseEnv(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const LINE =
    /^\s*(?:export\s+)?([\w.-]+)\s*=[^\S\n]*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|`([^`]*)`|([^\n#]*))?[^\n]*$/gmu;
  for (const [, name = "", double, single, back, plain] of text.matchAll(LINE)) {
    values[name] = double?.replaceAll("\\n", "\n") ?? single ?? back ?? plain?.trim() ?? "";
  }
  return values;
}

const SYSTEM_ERRORS = new Map<number, readonly [string, string]>([
  [-1, ["EPERM", "operation not permitted"]],
  [-2, ["ENOENT", "no such file or directory"]],
  [-9, ["EBADF", "bad file descriptor"]],
  [-13, ["EACCES", "permission denied"]],
  [-17, ["EEXIST", "file already exists"]],
  [-20, ["ENOTDIR", "not a directory"]],
  [-21, ["EISDIR", "illegal operation on a directory"]],
  [-22, ["EINVAL", "invalid argument"]],
  [-24, ["EMFILE", "too many open files"]],
  [-32, ["EPIPE", "broken pipe"]],
  [-39, ["ENOTEMPTY", "directory not empty"]],
  [-104, ["ECONNRESET", "connection reset by peer"]],
  [-110, ["ETIMEDOUT", "connection timed out"]],
  [-111, ["ECONNREFUSED", "connection refused"]],
]);
