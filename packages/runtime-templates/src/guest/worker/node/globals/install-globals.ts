/** Makes the worker's global scope look as Node's does. */
import { bindContext } from "../builtins/async-hooks.ts";
import { addPromiseForms } from "../builtins/timers.ts";
import { ServerRequest } from "../../fetch/request-class.ts";
import { nativeQueueMicrotask } from "../natives.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";
import { NODE_VERSIONS, PLATFORM } from "../process/versions.ts";
import { installInspectForms } from "./inspect-forms.ts";
import { holdForNativePromises } from "./native-promises.ts";

/** Globals by which libraries tell that they are in a browser. */
const BROWSER_GLOBALS = [
  "self",
  "name",
  "location",
  "origin",
  "isSecureContext",
  "crossOriginIsolated",
  "close",
  "reportError",
  "postMessage",
  "onmessage",
  "onmessageerror",
  "onerror",
  "onunhandledrejection",
  "onrejectionhandled",
  "FileReader",
  "FileReaderSync",
  "ImageData",
  "scheduler",
  "PromiseRejectionEvent",
  "WorkerGlobalScope",
  "DedicatedWorkerGlobalScope",
  "WorkerLocation",
  "WorkerNavigator",
  "ErrorEvent",
];

export function installGlobals(realm: NodeRealm): void {
  const { loop } = realm;
  removeBrowserGlobals();
  holdForNativePromises(loop);
  installInspectForms();
  const timers = realm.builtin("timers");
  addPromiseForms(timers, () => realm.builtin("timers/promises"));

  const lazy: Record<string, () => unknown> = {
    Buffer: () => realm.builtin("buffer").Buffer,
  };
  const values: Record<string, unknown> = {
    global: globalThis,
    process: realm.process,
    console: realm.builtin("console"),
    setTimeout: timers.setTimeout,
    setInterval: timers.setInterval,
    setImmediate: timers.setImmediate,
    clearTimeout: timers.clearTimeout,
    clearInterval: timers.clearInterval,
    clearImmediate: timers.clearImmediate,
    queueMicrotask(callback: () => void) {
      if (typeof callback !== "function") throw new TypeError('The "callback" argument must be of type function.');
      const bound = bindContext(callback);
      nativeQueueMicrotask(() => {
        try {
          bound();
        } catch (error) {
          realm.onUncaught(error, "uncaughtException");
        }
      });
    },
    fetch: (input: RequestInfo | URL, init?: RequestInit) => realm.fetch(input, init),
    Request: ServerRequest,
    navigator: createNavigator(),
    [Symbol.toStringTag]: "global",
  };
  for (const name of Reflect.ownKeys(values)) {
    Object.defineProperty(globalThis, name, {
      value: Reflect.get(values, name),
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }
  for (const [name, make] of Object.entries(lazy)) defineLazily(name, make);
}

function removeBrowserGlobals(): void {
  for (
    let scope: Exports = globalThis;
    scope && scope !== EventTarget.prototype;
    scope = Object.getPrototypeOf(scope)
  ) {
    for (const name of BROWSER_GLOBALS) Reflect.deleteProperty(scope, name);
  }
}

function defineLazily(name: string, make: () => unknown): void {
  Object.defineProperty(globalThis, name, {
    configurable: true,
    get: () => {
      const value = make();
      Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
      return value;
    },
    set: (value: unknown) => {
      Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
    },
  });
}

function createNavigator(): object {
  const [major] = (NODE_VERSIONS["node"] ?? "").split(".");
  return Object.create(
    { [Symbol.toStringTag]: "Navigator" },
    {
      hardwareConcurrency: { get: () => 1, enumerable: true },
      language: { get: () => "en-US", enumerable: true },
      languages: { get: () => ["en-US"], enumerable: true },
      platform: { get: () => PLATFORM, enumerable: true },
      userAgent: { get: () => `Node.js/${major}`, enumerable: true },
    },
  );
}
