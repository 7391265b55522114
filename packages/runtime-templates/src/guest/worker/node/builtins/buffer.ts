/** `node:buffer`: the `buffer` package, with the engine's own text coding and what Node has added since. */
import { createNodeError } from "../errors/node-error.ts";
import { libraries } from "../libraries.ts";
import type { Exports } from "../node-realm.ts";

const INSPECT = Symbol.for("nodejs.util.inspect.custom");
/** Bytes that an inspected buffer shows. */
const MAX_SHOWN_BYTES = 50;

export function createBufferModule(): Exports {
  const library = libraries.buffer();
  const Buffer: Exports = library.Buffer;
  const { from, isEncoding, byteLength } = Buffer;
  const { toString, write, fill, indexOf, includes, lastIndexOf } = Buffer.prototype;
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const encoder = new TextEncoder();

  const isBase64Url = (encoding: unknown): boolean => typeof encoding === "string" && /^base64url$/iu.test(encoding);
  const isUtf8Name = (encoding: unknown): boolean =>
    encoding === undefined || encoding === null || (typeof encoding === "string" && /^utf-?8$/iu.test(encoding));
  const toBytes = (text: string): Exports => {
    const bytes = encoder.encode(text);
    return from(bytes.buffer, bytes.byteOffset, bytes.length);
  };

  Buffer.from = (value: unknown, encoding?: unknown, length?: number): Exports => {
    if (typeof value !== "string") return withTypeError(() => from(value, encoding, length));
    if (isUtf8Name(encoding)) return toBytes(value);
    // base64 takes both alphabets, as in Node.
    return from(value, isBase64Url(encoding) ? "base64" : encoding);
  };
  Buffer.isEncoding = (encoding: unknown): boolean => isBase64Url(encoding) || isEncoding(encoding);
  Buffer.byteLength = (value: unknown, encoding?: unknown): number => {
    if (typeof value === "string" && isUtf8Name(encoding)) return utf8Length(value);
    return byteLength(value, isBase64Url(encoding) ? "base64" : encoding);
  };
  Buffer.copyBytesFrom = (view: Exports, offset = 0, length: number = view.length - offset): Exports => {
    const part = view.subarray(offset, offset + length);
    return from(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  };
  Buffer.poolSize = 8192;

  Object.assign(Buffer.prototype, {
    toString(this: Exports, encoding?: unknown, start?: number, end?: number): string {
      if (isBase64Url(encoding)) return toBase64Url(toString.call(this, "base64", start, end));
      if (!isUtf8Name(encoding)) return toString.call(this, encoding, start, end);
      return decoder.decode(start === undefined && end === undefined ? this : slice(this, start, end));
    },
    write(this: Exports, text: string, ...rest: unknown[]): number {
      const last = rest.length - 1;
      if (isBase64Url(rest[last])) rest[last] = "base64";
      return write.call(this, text, ...rest);
    },
    fill(this: Exports, value: unknown, ...rest: unknown[]): Exports {
      const last = rest.length - 1;
      if (isBase64Url(rest[last])) rest[last] = "base64";
      return fill.call(this, value, ...rest);
    },
    indexOf,
    includes,
    lastIndexOf,
    utf8Slice(this: Exports, start?: number, end?: number) {
      return this.toString("utf8", start, end);
    },
    latin1Slice(this: Exports, start?: number, end?: number) {
      return this.toString("latin1", start, end);
    },
    hexSlice(this: Exports, start?: number, end?: number) {
      return this.toString("hex", start, end);
    },
    utf8Write(this: Exports, text: string, offset?: number, length?: number) {
      return this.write(text, offset ?? 0, length ?? this.length, "utf8");
    },
  });
  for (const name of Object.getOwnPropertyNames(Buffer.prototype)) {
    const bytes = numberSize(name);
    if (bytes !== undefined)
      Buffer.prototype[name] = withRangeErrors(Buffer.prototype[name], name.startsWith("write"), bytes);
  }
  Buffer.prototype[INSPECT] = function (this: Exports): string {
    const hidden = this.length - MAX_SHOWN_BYTES;
    const bytes = Array.from(this.subarray(0, MAX_SHOWN_BYTES), (byte: number) => byte.toString(16).padStart(2, "0"));
    const more = hidden > 0 ? ` ... ${hidden} more byte${hidden > 1 ? "s" : ""}` : "";
    return `<${this.constructor.name}${bytes.length > 0 ? " " : ""}${bytes.join(" ")}${more}>`;
  };
  // Node's own methods do not show up in for-in loops.
  for (const [name, { configurable }] of Object.entries(Object.getOwnPropertyDescriptors(Buffer.prototype))) {
    if (configurable) Object.defineProperty(Buffer.prototype, name, { enumerable: false });
  }

  return {
    Buffer,
    SlowBuffer: library.SlowBuffer,
    INSPECT_MAX_BYTES: 50,
    kMaxLength: 9_007_199_254_740_991,
    kStringMaxLength: 536_870_888,
    constants: { MAX_LENGTH: 9_007_199_254_740_991, MAX_STRING_LENGTH: 536_870_888 },
    Blob,
    File,
    atob,
    btoa,
    isUtf8: (bytes: Uint8Array) => isDecodable(bytes),
    isAscii: (bytes: Uint8Array) => new Uint8Array(bytes).every((byte) => byte < 128),
    transcode: (source: Uint8Array, fromEncoding: string, toEncoding: string) =>
      Buffer.from(Buffer.from(source).toString(fromEncoding), toEncoding),
    resolveObjectURL: () => undefined,
  };
}

/** Size of the number that a method such as readUInt16LE reads or writes at a fixed size. */
function numberSize(name: string): number | undefined {
  const [, kind, bits] = /^(?:read|write)(?:Big)?(U?Int|Float|Double)(\d*)(?:LE|BE)?$/iu.exec(name) ?? [];
  if (kind === "Float") return 4;
  if (kind === "Double") return 8;
  return bits ? Number(bits) / 8 : undefined;
}

/** `method` whose errors about the offset have Node's code and words. */
function withRangeErrors(method: Exports, writes: boolean, bytes: number): Exports {
  return function (this: Exports, ...values: unknown[]): unknown {
    try {
      return Reflect.apply(method, this, values);
    } catch (error) {
      if (!(error instanceof RangeError) || "code" in error) throw error;
      const value = writes ? values[1] : values[0];
      const text = `It must be >= 0 and <= ${this.length - bytes}. Received ${String(value)}`;
      throw createNodeError(RangeError, "ERR_OUT_OF_RANGE", `The value of "offset" is out of range. ${text}`);
    }
  };
}

function withTypeError<Value>(create: () => Value): Value {
  try {
    return create();
  } catch (error) {
    if (!(error instanceof TypeError) || "code" in error) throw error;
    throw createNodeError(TypeError, "ERR_INVALID_ARG_TYPE", error.message);
  }
}

function slice(buffer: Exports, start = 0, end: number = buffer.length): Exports {
  return buffer.subarray(Math.max(0, start), Math.max(0, Math.min(end, buffer.length)));
}

function toBase64Url(text: string): string {
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/u, "");
}

function utf8Length(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x80) continue;
    length += code < 0x800 ? 1 : 2;
    // A pair of surrogates is one character of four bytes.
    if (code >= 0xd800 && code < 0xdc00 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00) index += 1;
  }
  return length;
}

function isDecodable(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw createNodeError(Error, "ERR_INVALID_STATE", String(error));
  }
}
