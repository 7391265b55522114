/** `util.types`: what a value is, told by the engine's own brand checks and not by its prototype. */
import { libraries } from "../libraries.ts";
import type { Exports } from "../node-realm.ts";

/** Whether calling `probe`, a getter or method that works on one kind of object only, succeeds on `value`. */
function isBranded(probe: (this: never) => unknown, value: unknown, ...rest: unknown[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  try {
    Reflect.apply(probe, value, rest);
    return true;
  } catch {
    return false;
  }
}

const getterOf = (prototype: object, name: PropertyKey): ((this: never) => unknown) =>
  Object.getOwnPropertyDescriptor(prototype, name)?.get as (this: never) => unknown;

const typedArrayTag = getterOf(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag);
const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

const isTypedArrayOf =
  (name: string) =>
  (value: unknown): boolean =>
    Reflect.apply(typedArrayTag, value, []) === name;
const isBoxed =
  (prototype: object) =>
  (value: unknown): boolean =>
    isBranded((prototype as { valueOf(): unknown }).valueOf as never, value);

export function createUtilTypes(): Exports {
  const isArrayBuffer = (value: unknown): boolean => isBranded(getterOf(ArrayBuffer.prototype, "byteLength"), value);
  const isSharedArrayBuffer = (value: unknown): boolean =>
    typeof SharedArrayBuffer === "function" && isBranded(getterOf(SharedArrayBuffer.prototype, "byteLength"), value);
  const isNumberObject = isBoxed(Number.prototype);
  const isStringObject = isBoxed(String.prototype);
  const isBooleanObject = isBoxed(Boolean.prototype);
  const isBigIntObject = isBoxed(BigInt.prototype);
  const isSymbolObject = isBoxed(Symbol.prototype);
  const functionTag = (value: unknown): string => (typeof value === "function" ? tagOf(value) : "");
  return {
    isExternal: () => false,
    isDate: (value: unknown) => isBranded(Date.prototype.getTime as never, value),
    isArgumentsObject: (value: unknown) => tagOf(value) === "Arguments" && !(Symbol.toStringTag in Object(value)),
    isBigIntObject,
    isBooleanObject,
    isNumberObject,
    isStringObject,
    isSymbolObject,
    isBoxedPrimitive: (value: unknown) =>
      [isNumberObject, isStringObject, isBooleanObject, isBigIntObject, isSymbolObject].some((is) => is(value)),
    isNativeError: (value: unknown) =>
      typeof Error.isError === "function" ? Error.isError(value) : value instanceof Error,
    isRegExp: (value: unknown) =>
      value !== RegExp.prototype &&
      isBranded(getterOf(RegExp.prototype, "flags") && getterOf(RegExp.prototype, "source"), value),
    isAsyncFunction: (value: unknown) => ["AsyncFunction", "AsyncGeneratorFunction"].includes(functionTag(value)),
    isGeneratorFunction: (value: unknown) =>
      ["GeneratorFunction", "AsyncGeneratorFunction"].includes(functionTag(value)),
    isGeneratorObject: (value: unknown) => ["Generator", "AsyncGenerator"].includes(tagOf(value)),
    isPromise: (value: unknown) => value instanceof Promise,
    isMap: (value: unknown) => isBranded(getterOf(Map.prototype, "size"), value),
    isSet: (value: unknown) => isBranded(getterOf(Set.prototype, "size"), value),
    isMapIterator: (value: unknown) => tagOf(value) === "Map Iterator",
    isSetIterator: (value: unknown) => tagOf(value) === "Set Iterator",
    isWeakMap: (value: unknown) => isBranded(WeakMap.prototype.has as never, value, {}),
    isWeakSet: (value: unknown) => isBranded(WeakSet.prototype.has as never, value, {}),
    isArrayBuffer,
    isSharedArrayBuffer,
    isAnyArrayBuffer: (value: unknown) => isArrayBuffer(value) || isSharedArrayBuffer(value),
    isDataView: (value: unknown) => ArrayBuffer.isView(value) && Reflect.apply(typedArrayTag, value, []) === undefined,
    isArrayBufferView: (value: unknown) => ArrayBuffer.isView(value),
    isProxy: (value: unknown) => libraries.inspect().Proxy?.isProxy?.(value) ?? false,
    isModuleNamespaceObject: (value: unknown) => tagOf(value) === "Module" && Object.isSealed(value),
    isTypedArray: (value: unknown) => Reflect.apply(typedArrayTag, value, []) !== undefined,
    ...Object.fromEntries(
      [
        "Uint8Array",
        "Uint8ClampedArray",
        "Uint16Array",
        "Uint32Array",
        "Int8Array",
        "Int16Array",
        "Int32Array",
        "Float16Array",
        "Float32Array",
        "Float64Array",
        "BigInt64Array",
        "BigUint64Array",
      ].map((name) => [`is${name}`, isTypedArrayOf(name)]),
    ),
    isKeyObject: () => false,
    isCryptoKey: (value: unknown) => typeof CryptoKey === "function" && value instanceof CryptoKey,
    isEventTarget: (value: unknown) => value instanceof EventTarget,
  };
}

declare global {
  interface ErrorConstructor {
    isError?(value: unknown): boolean;
  }
}
