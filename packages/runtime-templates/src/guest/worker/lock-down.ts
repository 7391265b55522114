/**
 * Takes from a worker's realm what would let one instance leave something behind for another, or reach beyond its page.
 *
 * The worker's Content-Security-Policy already refuses every connection and every nested worker, and the browser's
 * proxy setting refuses every address but the page's server. This is the layer for what no policy covers: storage and
 * channels that are shared by the instances of an origin (IndexedDB, Cache, OPFS, BroadcastChannel, locks).
 * It works by an allow list, so that what a newer browser adds stays out.
 */

/** Globals that stay beside those of the ECMAScript language itself. */
const KEPT_GLOBALS = new Set([
  // the worker itself
  "self",
  "name",
  "onerror",
  "onunhandledrejection",
  "onrejectionhandled",
  "isSecureContext",
  "origin",
  "location",
  "crossOriginIsolated",
  "navigator",
  "performance",
  "crypto",
  "console",
  "reportError",
  // scheduling
  "setTimeout",
  "clearTimeout",
  "setInterval",
  "clearInterval",
  "queueMicrotask",
  "scheduler",
  // data
  "structuredClone",
  "atob",
  "btoa",
  "TextEncoder",
  "TextDecoder",
  "TextEncoderStream",
  "TextDecoderStream",
  "Blob",
  "File",
  "FileReader",
  "FileReaderSync",
  "FormData",
  "URL",
  "URLSearchParams",
  "URLPattern",
  "DOMException",
  "CompressionStream",
  "DecompressionStream",
  "ReadableStream",
  "ReadableStreamDefaultReader",
  "ReadableStreamBYOBReader",
  "ReadableStreamDefaultController",
  "ReadableByteStreamController",
  "ReadableStreamBYOBRequest",
  "WritableStream",
  "WritableStreamDefaultWriter",
  "WritableStreamDefaultController",
  "TransformStream",
  "TransformStreamDefaultController",
  "ByteLengthQueuingStrategy",
  "CountQueuingStrategy",
  "Headers",
  "Request",
  "Response",
  // events and messages inside the realm
  "Event",
  "EventTarget",
  "CustomEvent",
  "MessageEvent",
  "ErrorEvent",
  "PromiseRejectionEvent",
  "MessageChannel",
  "MessagePort",
  "AbortController",
  "AbortSignal",
  "addEventListener",
  "removeEventListener",
  "dispatchEvent",
  "postMessage",
  "onmessage",
  "onmessageerror",
  // classes of the objects above
  "Crypto",
  "CryptoKey",
  "SubtleCrypto",
  "Performance",
  "PerformanceEntry",
  "PerformanceMark",
  "PerformanceMeasure",
  "Navigator",
  "WorkerNavigator",
  "WorkerLocation",
  "WorkerGlobalScope",
  "DedicatedWorkerGlobalScope",
  "WebAssembly",
  // drawing without a document, for libraries that only look whether it is there
  "ImageData",
]);

const KEPT_NAVIGATOR = new Set([
  "constructor",
  "hardwareConcurrency",
  "language",
  "languages",
  "onLine",
  "platform",
  "product",
  "userAgent",
  "appName",
  "appCodeName",
  "appVersion",
  "vendor",
]);

/** Globals of the language: whatever V8 itself defines, read from the prototype-free list below. */
const LANGUAGE_GLOBALS = new Set([
  "globalThis",
  "Infinity",
  "NaN",
  "undefined",
  "eval",
  "isFinite",
  "isNaN",
  "parseFloat",
  "parseInt",
  "decodeURI",
  "decodeURIComponent",
  "encodeURI",
  "encodeURIComponent",
  "escape",
  "unescape",
  "AggregateError",
  "Array",
  "ArrayBuffer",
  "AsyncDisposableStack",
  "BigInt",
  "BigInt64Array",
  "BigUint64Array",
  "Boolean",
  "DataView",
  "Date",
  "DisposableStack",
  "Error",
  "EvalError",
  "FinalizationRegistry",
  "Float16Array",
  "Float32Array",
  "Float64Array",
  "Function",
  "Int8Array",
  "Int16Array",
  "Int32Array",
  "Iterator",
  "Map",
  "Number",
  "Object",
  "Promise",
  "Proxy",
  "RangeError",
  "ReferenceError",
  "RegExp",
  "Set",
  "SharedArrayBuffer",
  "String",
  "SuppressedError",
  "Symbol",
  "SyntaxError",
  "Temporal",
  "TypeError",
  "Uint8Array",
  "Uint8ClampedArray",
  "Uint16Array",
  "Uint32Array",
  "URIError",
  "WeakMap",
  "WeakRef",
  "WeakSet",
  "Atomics",
  "Intl",
  "JSON",
  "Math",
  "Reflect",
]);

/** Locks down the realm it is called in. `extra` names globals that the runtime itself has defined. */
export function lockDown(extra: Iterable<string> = []): void {
  const kept = new Set([...KEPT_GLOBALS, ...LANGUAGE_GLOBALS, ...extra]);
  for (
    let scope: object | null = globalThis;
    scope && scope !== Object.prototype;
    scope = Object.getPrototypeOf(scope)
  ) {
    removeAllBut(scope, kept);
  }
  const navigatorPrototype: unknown = Object.getPrototypeOf(navigator);
  if (typeof navigatorPrototype === "object" && navigatorPrototype) removeAllBut(navigatorPrototype, KEPT_NAVIGATOR);
}

function removeAllBut(scope: object, kept: ReadonlySet<string>): void {
  for (const key of Object.getOwnPropertyNames(scope)) {
    if (key === "constructor" || kept.has(key)) continue;
    if (!Reflect.deleteProperty(scope, key) && !isConstant(scope, key)) {
      throw new Error(`cannot remove ${key} from the guest's realm`);
    }
  }
}

/** Numbers such as `TEMPORARY` cannot be removed, and open nothing. */
function isConstant(scope: object, key: string): boolean {
  return typeof Object.getOwnPropertyDescriptor(scope, key)?.value === "number";
}
