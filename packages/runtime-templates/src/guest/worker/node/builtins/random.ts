/** Random values of `node:crypto`, from the engine's own generator. */
import { createNodeError } from "../errors/node-error.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";

/** Most that the web's generator fills at once. */
const CHUNK_BYTES = 65_536;
const MAX_RANGE = 2 ** 48;

export function createRandom(realm: NodeRealm): Exports {
  const { Buffer } = realm.builtin("buffer");
  const { webcrypto } = realm;

  const fill = (view: Uint8Array<ArrayBuffer>): Uint8Array => {
    for (let offset = 0; offset < view.length; offset += CHUNK_BYTES) {
      webcrypto.getRandomValues(view.subarray(offset, offset + CHUNK_BYTES));
    }
    return view;
  };
  const randomFillSync = (buffer: Exports, offset = 0, size?: number): Exports => {
    const all = ArrayBuffer.isView(buffer)
      ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
      : new Uint8Array(buffer);
    fill(all.subarray(offset, size === undefined ? undefined : offset + size));
    return buffer;
  };
  const randomInteger = (min: number, max: number): number => {
    const range = max - min;
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || range <= 0 || range > MAX_RANGE) {
      throw createNodeError(
        RangeError,
        "ERR_OUT_OF_RANGE",
        `The value of "max" is out of range. It must be greater than the value of "min" (${min}). Received ${max}`,
      );
    }
    // Values beyond the last whole range would make the small ones likelier.
    const limit = MAX_RANGE - (MAX_RANGE % range);
    for (;;) {
      const [high = 0, low = 0] = webcrypto.getRandomValues(new Uint32Array(2));
      const value = (high & 0xffff) * 2 ** 32 + low;
      if (value < limit) return min + (value % range);
    }
  };
  const withCallback = (compute: () => unknown, callback?: Exports): unknown => {
    if (typeof callback !== "function") return compute();
    const value = compute();
    return realm.loop.addCompletion(() => callback(null, value));
  };
  const randomBytes = (size: number, callback?: Exports): unknown => {
    if (typeof size !== "number") {
      throw createNodeError(
        TypeError,
        "ERR_INVALID_ARG_TYPE",
        `The "size" argument must be of type number. Received ${typeof size}`,
      );
    }
    return withCallback(() => randomFillSync(Buffer.alloc(size)), callback);
  };
  return {
    randomBytes,
    pseudoRandomBytes: randomBytes,
    randomFillSync,
    randomFill: (buffer: Exports, ...rest: Exports[]) => {
      const callback = rest.pop();
      return withCallback(() => randomFillSync(buffer, ...rest), callback);
    },
    randomInt: (first: number, second?: Exports, callback?: Exports) => {
      const hasMin = typeof second === "number";
      return withCallback(
        () => (hasMin ? randomInteger(first, second) : randomInteger(0, first)),
        hasMin ? callback : second,
      );
    },
    randomUUID: () => webcrypto.randomUUID(),
    getRandomValues: (view: Exports) => webcrypto.getRandomValues(view),
  };
}
